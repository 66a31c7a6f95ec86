"""The pages, one file for each."""

from optimizer.web.pages import files, jobs, lots, overview, plan, static, targets

ROUTERS = tuple(each.router for each in (overview, plan, targets, lots, files, jobs, static))
