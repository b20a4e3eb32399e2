"""Change each reference solution a little, many times over: does the check reject what gives other results?

python -m tests.exercises.mutants     (make mutants)

A mutant swaps an operator or a pair, drops a term, or is off by one. Those that give the same results on many other cases are
no mistakes and do not count.
"""

import ast
import copy
import sys
from collections.abc import Iterator

from d2l_vn.exercises import Exercise, chapters
from d2l_vn.exercises.catalogue import exercises
from d2l_vn.exercises.engine import SEED
from d2l_vn.exercises.values import same

LEAST = 0.95
SWAPS = {
    ast.Add: [ast.Sub, ast.Mult], ast.Sub: [ast.Add], ast.Mult: [ast.Add, ast.Div], ast.Div: [ast.Mult],
    ast.FloorDiv: [ast.Div, ast.Mult], ast.Eq: [ast.NotEq], ast.NotEq: [ast.Eq], ast.Lt: [ast.LtE], ast.LtE: [ast.Lt],
    ast.Gt: [ast.GtE], ast.GtE: [ast.Gt], ast.Pow: [ast.Mult], ast.MatMult: [ast.Mult],
}  # fmt: skip


def mutants(source: str) -> Iterator[str]:
    """The source of each mutant, every one different from the source by one small thing."""
    tree = ast.parse(source)
    for i, node in enumerate(ast.walk(tree)):
        for change in changes(node):
            other = copy.deepcopy(tree)
            target = next(n for j, n in enumerate(ast.walk(other)) if j == i)
            parent = next(p for p in ast.walk(other) if target in ast.iter_child_nodes(p))
            replace(parent, target, change(target))
            yield ast.unparse(ast.fix_missing_locations(other))


def changes(node):
    """Functions that turn a copy of this node into what stands in its place in a mutant."""
    if isinstance(node, ast.BinOp):
        for swap in SWAPS.get(type(node.op), []):
            yield lambda n, swap=swap: ast.BinOp(n.left, swap(), n.right)
        yield lambda n: n.left
        if not isinstance(node.op, ast.Sub | ast.Div | ast.FloorDiv):
            yield lambda n: n.right
    elif isinstance(node, ast.AugAssign):
        yield lambda n: ast.Assign([n.target], n.value)
        for swap in SWAPS.get(type(node.op), []):
            yield lambda n, swap=swap: ast.AugAssign(n.target, swap(), n.value)
    elif isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load):
        yield lambda n: ast.Tuple(n.elts[::-1], n.ctx)
    elif isinstance(node, ast.Compare):
        for swap in SWAPS.get(type(node.ops[0]), []):
            yield lambda n, swap=swap: ast.Compare(n.left, [swap()], n.comparators)
    elif isinstance(node, ast.UnaryOp):
        yield lambda n: n.operand
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield lambda n: ast.Constant(n.value + 1)
        yield lambda n: ast.Constant(n.value - 1)
    elif isinstance(node, ast.Constant) and type(node.value) is bool:
        yield lambda n: ast.Constant(not n.value)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        yield lambda n: n.func.value
    elif isinstance(node, ast.IfExp):
        yield lambda n: n.body
        yield lambda n: n.orelse


def replace(parent, old, new):
    """Put another node in the place of a child."""
    for name, value in ast.iter_fields(parent):
        if value is old:
            setattr(parent, name, new)
        elif isinstance(value, list) and any(item is old for item in value):
            setattr(parent, name, [new if item is old else item for item in value])


def survey(exercise: Exercise, seeds: int = 20) -> tuple[int, list[str]]:
    """How many mutants give other results than the reference, and the source of those that pass the check."""
    cases = exercise.cases(SEED)
    others = [case for seed in range(1000, 1000 + seeds) for case in exercise.cases(seed)]
    right = [exercise.collect(exercise.reference, case) for case in others]
    total, survivors = 0, []
    for source in mutants(exercise.source()):
        space = dict(exercise.reference.__globals__)
        exec(compile(source, "<mutant>", "exec"), space)
        mutant = space[exercise.name]
        outputs = exercise.collect_all(mutant, cases, seconds=1)
        if exercise.judge(cases, outputs).right:
            if any(not same(exercise.collect(mutant, c, 1), r, 1e-4) for c, r in zip(others, right, strict=True)):
                total += 1
                survivors.append(source)
        else:  # what the check rejects has given another result, on the cases of the check
            total += 1
    return total, survivors


def main() -> int:
    """Print the share of mutants rejected, exercise by exercise; fail below 95%."""
    total = alive = 0
    for module in chapters().values():
        for exercise in exercises(module).values():
            count, survivors = survey(exercise)
            total, alive = total + count, alive + len(survivors)
            print(f"{exercise.id:24s} {count - len(survivors):4d} of {count} rejected")
            for source in survivors:
                print("    survives:\n" + "".join(f"      {line}\n" for line in source.splitlines()))
    share = 1 - alive / total
    print(f"{share:.1%} of {total} mutants that change results are rejected (at least {LEAST:.0%} must be)")
    return 0 if share >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
