"""What a re-plan must come to, said as simply as can be: exact, without rounding, one small tree at a time.

Random plans are compared with it in the core and through the workbook.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass
class Node:
    """A period or a member: its weight among its siblings, its parts, and the amount it is held at."""

    name: str
    weight: Fraction | float
    children: list[Node] = field(default_factory=list)
    held: Fraction | float | None = None


def fixed(node: Node) -> Fraction | float:
    """What is fixed in it."""
    return sum(map(fixed, node.children), Fraction(0)) if node.held is None else node.held


def free(node: Node) -> Fraction | float:
    """The weight of what is free in it."""
    if node.held is not None or not node.children:
        return node.weight if node.held is None else Fraction(0)
    whole = sum((child.weight for child in node.children), Fraction(0))
    return node.weight * sum(map(free, node.children), Fraction(0)) / whole if whole else Fraction(0)


def share(node: Node, value: Fraction | float) -> Iterator[tuple[str, Fraction | float]]:
    """The rule: what is not fixed below goes to the weights of what is free below."""
    yield node.name, value
    rest = value - sum(map(fixed, node.children), Fraction(0))
    weight = sum(map(free, node.children), Fraction(0))
    for child in node.children:
        yield from share(child, fixed(child) + (rest * free(child) / weight if weight else 0))


# --- totals of members held as well ----------------------------------------------------------


@dataclass
class Tree:
    """A dimension in a month of the company: parents, weights, and what is held in months and in all."""

    parents: Mapping[str, str | None]
    weights: Mapping[str, float]
    open: Mapping[tuple[str, int], float]  # member and month → open share; 1 where not given
    cells: Mapping[tuple[str, int], float]  # member and month → held amount, in the company's units
    low: Mapping[str, float]
    high: Mapping[str, float]

    def children(self, name: str | None) -> list[str]:
        """The members right below one."""
        return [child for child, parent in self.parents.items() if parent == name]

    def node(self, name: str | None, month: int, factors: Mapping[str, float]) -> Node:
        """The tree of a month, leaves by their factors; a parent's weight is what its leaves weigh."""
        below = [self.node(child, month, factors) for child in self.children(name)]
        whole = sum(self.weights[child] for child in self.children(name))
        if name is not None and not below:
            return Node(name, self._leaf(name) * self.open.get((name, month), 1.0) * factors[name],
                        held=self.cells.get((name, month)))  # fmt: skip
        assert whole or name is None
        weight = sum(node.weight for node in below)
        return Node(name or "", weight, below, self.cells.get((name or "", month)))

    def _leaf(self, name: str) -> float:
        """Its share of the whole by the weights down to it."""
        siblings = sum(self.weights[other] for other in self.children(self.parents[name]))
        above = self.parents[name]
        return self.weights[name] / siblings * (1.0 if above is None else self._leaf(above))

    def above(self, name: str) -> list[str]:
        """The members above one, from the top."""
        parent = self.parents[name]
        return [] if parent is None else [*self.above(parent), parent]

    def leaves(self, name: str) -> list[str]:
        """The lowest members in one."""
        return [leaf for child in self.children(name) for leaf in self.leaves(child)] or [name]


def spread(tree: Tree, name: str, months: Mapping[int, int], amount: float) -> dict[int, float] | None:
    """What a total over some of the company's `months` is in each: what is free in it shares what is not fixed.

    As far as what is fixed above leaves room; None where it does not, or nothing is free.
    """
    least: dict[int, float] = {}
    free_: dict[int, float] = {}
    most: dict[int, float] = {}
    for month, company in months.items():
        node, value, rest = tree.node(None, month, dict.fromkeys(tree.parents, 1.0)), float(company), float("inf")
        for step in [*tree.above(name), name]:
            inside = float(sum(map(fixed, node.children), Fraction(0)))
            rest = min(rest, max(value - inside, 0.0)) if node.held is not None or not node.name else rest
            value = float(dict(share(node, value))[step])
            node = next(child for child in node.children if child.name == step)
        least[month] = float(sum(map(fixed, node.children), Fraction(0)))
        free_[month], most[month] = max(value - least[month], 0.0), rest
    left = amount - sum(least.values())
    if not 0 <= left <= sum(most[m] for m in months if free_[m] > 0):
        return None
    low, high = 0.0, 1e30
    for _ in range(400):
        middle = (low + high) / 2
        low, high = (low, middle) if sum(min(middle * free_[m], most[m]) for m in months) >= left else (middle, high)
    return {m: least[m] + min(high * free_[m], most[m]) for m in months}


def fit_members(tree: Tree, company: list[int]) -> tuple[dict[tuple[str, int], float], bool]:
    """Members × months: each month is shared, members past their bounds are scaled to them; again till both hold."""
    ups = dict.fromkeys(tree.parents, 1.0)  # factor of each held member
    cells: dict[tuple[str, int], float] = {}
    for _ in range(1 if not (tree.low or tree.high) else 2000):
        factors = dict.fromkeys(tree.parents, 1.0)
        for name in tree.parents:
            for leaf in tree.leaves(name):
                factors[leaf] *= ups[name]
        for month, amount in enumerate(company):
            cells |= {(n, month): float(v) for n, v in share(tree.node(None, month, factors), amount) if n}
        worst = 0.0
        for name in tree.low.keys() | tree.high.keys():
            free_cells = [(leaf, m) for leaf in tree.leaves(name) for m in range(len(company))
                          if (leaf, m) not in tree.cells]  # fmt: skip
            have, movable = sum(cells[name, m] for m in range(len(company))), sum(cells[c] for c in free_cells)
            low, high = tree.low.get(name, 0.0), tree.high.get(name, float("inf"))
            natural = movable / ups[name]
            rest = have - movable
            factor = min(max(1.0, (low - rest) / natural), max(0.0, (high - rest) / natural)) if natural > 0 else 1.0
            if high < float("inf") and low == high and natural > 0:
                factor = max(0.0, (low - rest) / natural)
            worst = max(worst, abs(factor - ups[name]) * natural)
            ups[name] = max(factor, 1e-12)
        if worst < 1e-3:
            return cells, True
    return cells, not (tree.low or tree.high)
