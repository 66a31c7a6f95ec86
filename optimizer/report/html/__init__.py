"""The plan as one page that opens offline: sections, their tables and figures, and the page around them.

A section is the unit that others reuse: :func:`optimizer.report.html.sections.sections_of` makes them of a plan, and
:func:`optimizer.report.html.page.section_fragment` sets one of them as HTML.
"""
