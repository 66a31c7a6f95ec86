"""The pages, one file for each."""

from optimizer.web.pages import (
    book,
    compare,
    files,
    frontier,
    jobs,
    lots,
    overview,
    plan,
    simulate,
    statements,
    static,
    targets,
    trades,
    year_end,
)

_PAGES = (overview, statements, lots, targets, plan, trades, compare, frontier, year_end, simulate, book, files, jobs, static)
ROUTERS = tuple(each.router for each in _PAGES)
