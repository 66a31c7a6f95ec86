"""The planner: the household's folder as pages and as JSON, on this machine alone.

The room translates. It reads forms into the question's document, has a process of its own answer it, and sets the answer in
pages made of the report's tables and figures. Nothing of the household's files is ever written here but a ledger that an
import was asked to keep.
"""
