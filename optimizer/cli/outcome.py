"""How a command ends: the exit codes, and what each kind of failure says to the person at the keyboard."""

import errno
import os
import sys
import traceback
from enum import IntEnum

from lots.errors import LedgerError, LotsError, ReplayError
from optimizer.errors import WASH_RULE, ContradictoryOrders, Fault, InputFaults, OutOfTime, SolverFailure
from optimizer.report.figures import plain

TRACEBACK_VARIABLE = "BANDWISE_TRACEBACK"


REFUSALS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.ENAMETOOLONG, errno.ELOOP, errno.EIO)
"""What a machine refuses for reasons of its own; a file of ours that is missing is not among them, for that is a bug."""


class Exit(IntEnum):
    """What the shell learns."""

    DONE = 0
    BUG = 1
    INPUT = 2
    CONTRADICTION = 3
    TIME = 4
    """No plan was found in the time allowed by `--time-limit`."""
    OUTSIDE = 10
    """`bandwise check` found a segment outside its band, or a day on which the calendar calls for trades."""


def tell(error: Exception) -> Exit:
    """Say on standard error what went wrong and what to do next, and return the exit code that belongs to it."""
    if isinstance(error, InputFaults):
        text, code = fault_list(error.faults), Exit.INPUT
    elif isinstance(error, ContradictoryOrders):
        text, code = _contradiction(error), Exit.CONTRADICTION
    elif isinstance(error, OutOfTime):
        text, code = _out_of_time(error), Exit.TIME
    elif isinstance(error, LotsError) and not isinstance(error, ReplayError):
        text, code = "\n".join(f"bandwise: {plain(line)}" for line in (*str(error).splitlines(), *_way(error))), Exit.INPUT
    elif isinstance(error, OSError) and error.errno in REFUSALS:
        text, code = fault_list((_refused(error),)), Exit.INPUT
    else:
        text, code = _bug(error), Exit.BUG
    print(text, file=sys.stderr)
    return code


def _way(error: LotsError) -> tuple[str, ...]:
    """How a ledger learns of what is missing, where that is what was found."""
    if not isinstance(error, LedgerError) or "look for a missing" not in str(error):
        return ()
    from optimizer.household.history_document import EXAMPLE

    return (f"what no file tells can be imported as events, in a file such as events.json: {EXAMPLE}",)


def fault_list(faults: tuple[Fault, ...]) -> str:
    """Every fault as a small paragraph: the place, what stands there, what would be right, what to do next."""
    count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    return "\n\n".join([f"bandwise: {count} in the input; nothing was written.", *map(_paragraph, faults)])


def _paragraph(fault: Fault) -> str:
    lines = [fault.place, f"  found:    {fault.found}", f"  expected: {fault.expected}"]
    if fault.step:
        lines.append(f"  next:     {fault.step}")
    return "\n".join(f"  {plain(line)}" for line in lines)


def _refused(error: OSError) -> Fault:
    """What the machine would not do, such as write to a full disk; the user's to mend and no fault of the program."""
    place = os.fspath(error.filename) if isinstance(error.filename, str | os.PathLike) else "this machine"
    found = error.strerror or type(error).__name__
    return Fault((), found[:1].lower() + found[1:], "a file that can be read or written", where=str(place)[:200])


def _contradiction(error: ContradictoryOrders) -> str:
    orders = "\n".join(f"  - {plain(order)}" for order in error.orders)
    if WASH_RULE in error.orders:
        met, step = (
            "These cannot be met together:",
            "The rule is law. Change or drop an order beside it and run the command again.",
        )
    elif len(error.orders) == 1:
        met, step = "This order cannot be met:", "Change or drop it and run the command again."
    else:
        met, step = "These cannot be met together:", "Change or drop any one of them and run the command again."
    return f"bandwise: no plan can carry out all of the orders. {met}\n\n{orders}\n{_ways_out(error)}\n{step}"


def _ways_out(error: ContradictoryOrders) -> str:
    """By how much each order alone would have to give way, the least first."""
    if not error.ways_out:
        return ""
    ways = "\n".join(f"  - {plain(way)}" for way in error.ways_out)
    opening = "This is enough:" if len(error.ways_out) == 1 else "Any one of these is enough, the smallest first:"
    return f"\n{opening}\n\n{ways}\n"


def _out_of_time(error: OutOfTime) -> str:
    return (
        f"bandwise: no plan was found within the {error.seconds:g} seconds allowed, and nothing was written.\n"
        "Whether the orders can be carried out is not known. Allow more with --time-limit, or leave the option out."
    )


def _bug(error: Exception) -> str:
    if os.environ.get(TRACEBACK_VARIABLE):
        traceback.print_exception(error)
    frame = traceback.extract_tb(error.__traceback__)[-1:]
    where = f" ({os.path.basename(frame[0].filename)}, line {frame[0].lineno})" if frame else ""
    kind = "The solver stopped without an answer" if isinstance(error, SolverFailure) else type(error).__name__
    return (
        f"bandwise: this is a fault of the program, not of your input.\n\n  {kind}: {plain(str(error))}{where}\n\n"
        "Please report it together with the command and, if you can share it, the problem document\n"
        f"(`bandwise plan DIR --problem FILE` writes it). {TRACEBACK_VARIABLE}=1 shows where it happened in full."
    )
