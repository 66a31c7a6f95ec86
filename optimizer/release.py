"""Which Bandwise this is."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version


@cache
def software_version() -> str:
    """The version of the installed distribution; 0 for a source tree that is not installed."""
    try:
        return version("bandwise")
    except PackageNotFoundError:
        return "0"
