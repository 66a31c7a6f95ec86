"""An explanation: the plan of a problem with runners-up, prices of wishes and simpler rules of choosing lots filled in.

A plan names its question by a digest only. What explains it has the question at hand, solves it again, and refuses another one.
"""

from optimizer.errors import ContradictoryOrders, Fault, InputFaults, PlanningError
from optimizer.explain.compare import compare as climb
from optimizer.explain.explained import explained
from optimizer.explain.statement import plan_of
from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.questions.only import Only, narrowed
from optimizer.rebalance import prepare, solved
from optimizer.release import software_version


def explain(problem: Problem, compare: bool = False) -> Plan:
    """Plan and explain, and compare with fewer levers where asked; raises as :func:`~optimizer.rebalance.rebalance` does."""
    model = prepare(problem)
    step = solved(model)
    plan = plan_of(model, step, climb(model, step) if compare else None, software_version())
    return explained(model, step, plan)


def question_of(plan: Plan, problem: Problem) -> Problem:
    """The question that a plan answers: the problem itself, with levers off, or narrowed as `plan --only` narrows it.

    Raises
    ------
    InputFaults
        If none of them has the digest that the plan names.
    """
    asked = problem.model_copy(update={"levers": plan.levers})
    candidates = [problem, asked]
    if plan.scope.only in set(Only):
        for each in (problem, asked):
            try:
                candidates.append(narrowed(each, Only(plan.scope.only)))
            except (ContradictoryOrders, PlanningError):
                continue
    for each in candidates:
        if each.digest() == plan.problem:
            return each
    step = (
        "Name the folder or the problem document it was made from, as it was then; "
        "`--problem FILE` of every command that plans writes it."
    )
    found = f"a plan for problem {plan.problem[:12]}, which is not this household's question ({problem.digest()[:12]})"
    raise InputFaults([Fault(("problem",), found, "the question that the plan answers", step)])
