"""Sequential quadratic programming for one zone pattern, compiled: J falls until no step within the pattern lowers it.

One module, though a long one: compiled code is cached by the time of its own file, so what it calls must stand in it.
In order: the numbers of the problem; quadratic programs by the dual active-set method of Goldfarb and Idnani (1983); J
over the ratios alone at equal needs (LADDER 6); J over ratios, indents and the largest need; descent and foresight.
"""

import math
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from deskc.ladder.compiled import compiled
from deskc.ladder.search.search import Floats

__all__ = [
    "ELASTIC",
    "KEPT",
    "Solved",
    "Terms",
    "descend",
    "epigraph",
    "equalised",
    "foresee",
    "limits",
    "masses",
    "minimise",
    "needs",
    "prices",
    "project",
    "shares",
    "split",
]

Ints: TypeAlias = NDArray[np.int64]

KEPT = 1e-11
"""How far below nothing a mass row may lie at an answer: in fractions of the budget, so 1e-9 percent."""

ELASTIC = 1e3
"""What the deepest broken smooth constraint weighs against J where not all can be kept."""

_STEPS = 40  # of one descent; most take three
_ARMIJO = 1e-4
_SHORTEST = 1e-6
_DAMPING = 0.2
_HARDLY = 0.98  # of what is broken: a step that leaves more mends nothing
_STILL = 1e-30
_SLACK = 1e-11  # how far below its bound a row may lie, in units of its length
_NOTHING = 1e-13  # a direction or a pivot this short is none
_MASSES = 5  # rows of `masses` before those of growth
_ENOUGH = 200  # halvings at most; Newton's method ends after five or six
_ULP = 4e-16


class Terms(NamedTuple):
    """The numbers of (1.4), (2.1) and the mass bounds of LADDER 3; volumes are fractions of the budget here.

    A bound that is not enforced is one that nothing reaches. Indents and needs stay in percent.
    """

    orders: int
    sign: float
    quote: bool
    gain: float
    first_price: float
    last_price: float
    first_indent: float
    overlap: float
    least_step: float
    alpha: float
    beta: float
    gamma: float
    lambda_: float
    tail_from: int
    tail_cap: float
    quarter: int
    head_most: float
    tail_least: float
    last_most: float
    log_first_least: float
    log_growth: float
    spread_least: float


@compiled
def _times(rows: Floats, point: Floats) -> Floats:
    """Return rows (p, n) times a point (n,), added from first to last."""
    found = np.empty(rows.shape[0])
    for row in range(rows.shape[0]):
        found[row] = 0.0
        for column in range(point.size):
            found[row] += rows[row, column] * point[column]
    return found


@compiled
def _dot(one: Floats, other: Floats) -> float:
    """Return the sum of products, added from first to last."""
    found = 0.0
    for place in range(one.size):
        found += one[place] * other[place]
    return found


@compiled
def _part(values: Floats, begin: int, end: int) -> float:
    """Return the sum of the values from `begin` to before `end`."""
    found = 0.0
    for place in range(begin, end):
        found += values[place]
    return found


@compiled
def _lowest(values: Floats) -> float:
    """Return the least of some values."""
    found = np.inf
    for place in range(values.size):
        found = min(found, values[place])
    return found


@compiled
def _stacked(rows: Floats, more: Floats) -> Floats:
    """Return rows (p, n) above more rows (q, n)."""
    count = rows.shape[0]
    found = np.empty((count + more.shape[0], rows.shape[1]))
    for row in range(found.shape[0]):
        for column in range(found.shape[1]):
            found[row, column] = rows[row, column] if row < count else more[row - count, column]
    return found


@compiled
def _from_here(rows: Floats, least: Floats, point: Floats, kept: Floats) -> Floats:
    """Return by how much linear rows, then smooth constraints, must grow at least from a point."""
    linear = least.size
    found = np.empty(linear + kept.size)
    for row in range(found.size):
        found[row] = least[row] - _dot(rows[row], point) if row < linear else -kept[row - linear]
    return found


@compiled
def cholesky(matrix: Floats) -> tuple[Floats, bool]:
    """Return the lower factor L of a symmetric matrix (n, n) = L Lᵀ, and whether it is positive definite."""
    size = matrix.shape[0]
    lower = np.zeros((size, size))
    for row in range(size):
        for column in range(row + 1):
            left = matrix[row, column]
            for inner in range(column):
                left -= lower[row, inner] * lower[column, inner]
            if row == column:
                if not left > 0:
                    return lower, False
                lower[row, row] = math.sqrt(left)
            else:
                lower[row, column] = left / lower[column, column]
    return lower, True


@compiled
def _inverse_transposed(lower: Floats) -> Floats:
    """Return J = L⁻ᵀ of a lower triangle L."""
    size = lower.shape[0]
    found = np.zeros((size, size))
    for column in range(size):
        found[column, column] = 1 / lower[column, column]
        for row in range(column + 1, size):
            left = 0.0
            for inner in range(column, row):
                left -= lower[row, inner] * found[column, inner]
            found[column, row] = left / lower[row, row]
    return found


@compiled
def _rotate(one: float, other: float) -> tuple[float, float, float]:
    """Return cosine, sine and length of the rotation that takes (one, other) to (length, 0)."""
    length = math.hypot(one, other)
    if length == 0:
        return 1.0, 0.0, 0.0
    return one / length, other / length, length


@compiled
def _add(basis: Floats, triangle: Floats, direction: Floats, active: int) -> bool:
    """Append a row whose image is `direction` to the factors of the active rows; False where it depends on them."""
    size = direction.size
    for place in range(size - 1, active, -1):
        cosine, sine, length = _rotate(direction[place - 1], direction[place])
        if sine == 0:
            continue
        direction[place - 1], direction[place] = length, 0.0
        for row in range(size):
            one, other = basis[row, place - 1], basis[row, place]
            basis[row, place - 1] = cosine * one + sine * other
            basis[row, place] = cosine * other - sine * one
    for row in range(active + 1):
        triangle[row, active] = direction[row]
    independent: bool = abs(direction[active]) > _NOTHING
    return independent


@compiled
def _drop(basis: Floats, triangle: Floats, active: int, which: int) -> None:
    """Take the active row number `which` out of the factors of `active` rows."""
    size = basis.shape[0]
    for column in range(which, active - 1):
        for row in range(column + 2):
            triangle[row, column] = triangle[row, column + 1]
        cosine, sine, length = _rotate(triangle[column, column], triangle[column + 1, column])
        triangle[column, column], triangle[column + 1, column] = length, 0.0
        for later in range(column + 1, active - 1):
            one, other = triangle[column, later + 1], triangle[column + 1, later + 1]
            triangle[column, later + 1] = cosine * one + sine * other
            triangle[column + 1, later + 1] = cosine * other - sine * one
        for row in range(size):
            one, other = basis[row, column], basis[row, column + 1]
            basis[row, column] = cosine * one + sine * other
            basis[row, column + 1] = cosine * other - sine * one


@compiled
def _worst(rows: Floats, least: Floats, lengths: Floats, step: Floats, held: Ints) -> int:
    """Return the number of the row that `step` breaks most for its length, -1 where it breaks none."""
    found, depth = -1, -_SLACK
    for row in range(rows.shape[0]):
        if held[row]:
            continue
        slack = -least[row]
        for column in range(step.size):
            slack += rows[row, column] * step[column]
        slack /= lengths[row]
        if slack < depth:
            found, depth = row, slack
    return found


@compiled
def minimise(  # noqa: C901, PLR0912, PLR0915 - one published algorithm, its steps in its order
    matrix: Floats, gradient: Floats, rows: Floats, least: Floats
) -> tuple[Floats, Floats, bool]:
    """Minimise ½ xᵀ B x + gᵀ x where each row times x is at least its bound.

    `matrix` B has shape (n, n) and is positive definite, `gradient` (n,), `rows` (p, n), `least` (p,). Return x, the
    multiplier of each row, and whether there is an answer; where not, some rows contradict each other.
    """
    size, count = gradient.size, rows.shape[0]
    lower, sound = cholesky(matrix)
    step, multipliers = np.zeros(size), np.zeros(count)
    if not sound:
        return step, multipliers, False
    basis = _inverse_transposed(lower)
    for row in range(size):  # x = -B⁻¹ g = -J Jᵀ g
        image = 0.0
        for column in range(size):
            image += basis[column, row] * gradient[column]
        for column in range(size):
            step[column] -= basis[column, row] * image
    lengths = np.empty(count)
    for row in range(count):
        length = 0.0
        for column in range(size):
            length += rows[row, column] * rows[row, column]
        lengths[row] = max(math.sqrt(length), 1e-300)
    triangle = np.zeros((size, size))
    active, held = np.zeros(size, dtype=np.int64), np.zeros(count, dtype=np.int64)
    weights, direction, way, fall = np.zeros(size), np.zeros(size), np.zeros(size), np.zeros(size)
    used = 0
    for _ in range(20 * (size + count)):
        entering = _worst(rows, least, lengths, step, held)
        if entering < 0:
            for place in range(used):
                multipliers[active[place]] = weights[place]
            return step, multipliers, True
        weight = 0.0
        while True:
            for place in range(size):
                image = 0.0
                for column in range(size):
                    image += basis[column, place] * rows[entering, column]
                direction[place] = image
            for column in range(size):
                image = 0.0
                for place in range(used, size):
                    image += basis[column, place] * direction[place]
                way[column] = image
            for place in range(used - 1, -1, -1):
                left = direction[place]
                for column in range(place + 1, used):
                    left -= triangle[place, column] * fall[column]
                fall[place] = left / triangle[place, place]
            partial, leaving = np.inf, -1
            for place in range(used):
                if fall[place] > _NOTHING and weights[place] < partial * fall[place]:
                    partial, leaving = weights[place] / fall[place], place
            speed, slack = 0.0, -least[entering]
            for column in range(size):
                speed += way[column] * rows[entering, column]
                slack += rows[entering, column] * step[column]
            free = 0.0
            for place in range(used, size):
                free += direction[place] * direction[place]
            bound = 0.0
            for place in range(size):
                bound += direction[place] * direction[place]
            full = -slack / speed if used < size and free > 1e-20 * bound else np.inf
            length = min(partial, full)
            if length == np.inf:
                return step, multipliers, False
            if full < np.inf:
                for column in range(size):
                    step[column] += length * way[column]
            for place in range(used):
                weights[place] -= length * fall[place]
            weight += length
            if full <= partial:
                if _add(basis, triangle, direction, used):
                    active[used], weights[used], held[entering] = entering, weight, 1
                    used += 1
                break
            held[active[leaving]] = 0
            _drop(basis, triangle, used, leaving)
            for place in range(leaving, used - 1):
                active[place], weights[place] = active[place + 1], weights[place + 1]
            used -= 1
    return step, multipliers, False


@compiled
def shares(ratios: Floats) -> tuple[Floats, Floats]:
    """Return each order's volume, and the volume up to it, as fractions of the budget; `ratios` has shape (N - 1,)."""
    count = ratios.size + 1
    volumes, held = np.empty(count), np.empty(count)
    volumes[0] = held[0] = 1.0
    for place in range(1, count):
        volumes[place] = volumes[place - 1] * (1 + ratios[place - 1])
        held[place] = held[place - 1] + volumes[place]
    whole = held[count - 1]
    for place in range(count):
        volumes[place] /= whole
        held[place] /= whole
    return volumes, held


@compiled
def _fall(quote: bool, first: bool, move: float, left: float) -> tuple[float, float, float]:  # noqa: FBT001 - compiled
    """Return ln p_k/p_{k-1} and its derivatives in the move sτ and in `left`, ρ_k = V_{k-1}/V_k; `first` is order 2."""
    if quote:
        inner = 1 + move - move / left
        if first:
            return math.log(inner / (1 + move)), (1 - 1 / left) / inner - 1 / (1 + move), move / (left * left * inner)
        return math.log(inner), (1 - 1 / left) / inner, move / (left * left * inner)
    whole = move + left
    by_left = 1 / left - 1 / whole
    if first:
        return math.log(left / whole), -1 / whole, by_left
    return math.log((1 + move) * left / whole), 1 / (1 + move) - 1 / whole, by_left


@compiled
def _reach(terms: Terms, left: Floats, move: float) -> tuple[float, float]:
    """Return ln p_N/p_1 for a move sτ and its derivative."""
    whole, speed = 0.0, 0.0
    for place in range(left.size):
        fall, by_move, _ = _fall(terms.quote, place == 0, move, left[place])
        whole += fall
        speed += by_move
    return whole, speed


@compiled
def _move(terms: Terms, left: Floats) -> float:
    """Solve LADDER 6's price equation for sτ by Newton's method inside a bracket; the fall decreases in sτ."""
    target = math.log(terms.last_price / terms.first_price)
    least = _lowest(left)
    if terms.sign > 0:
        low, high = 0.0, least / (1 - least) if terms.quote else np.inf
    else:
        low, high = -1.0 if terms.quote else -least, 0.0
    move = 0.0
    for _ in range(_ENOUGH):
        whole, speed = _reach(terms, left, move)
        if whole > target:
            low = move
        else:
            high = move
        new = move - (whole - target) / speed
        if not low < new < high:
            new = 2 * move + 1 if high == np.inf else (low + high) / 2
        if abs(new - move) <= _ULP * max(abs(move), 1e-3):
            return new
        move = new
    return move


@compiled
def prices(terms: Terms, held: Floats) -> tuple[Floats, float]:
    """Return each order's price over the base price where all needs from the second on are equal, and sτ."""
    left = held[:-1] / held[1:]
    move = _move(terms, left)
    at = np.empty(held.size)
    at[0] = terms.first_price
    for place in range(left.size):
        at[place + 1] = at[place] * math.exp(_fall(terms.quote, place == 0, move, left[place])[0])
    at[held.size - 1] = terms.last_price
    return at, move


@compiled
def shape(terms: Terms, volumes: Floats) -> tuple[float, Floats]:
    """Return γ(1 - T) + λ(G + E + C) of (2.1) and its gradient in the volumes' fractions, for growing volumes."""
    count = volumes.size
    spread = math.log(count)
    value, slope = terms.gamma + terms.lambda_, np.empty(count)
    for place in range(count):
        share = volumes[place]
        rank, log = (2 * place + 1 - count) / count, math.log(share)
        value += terms.lambda_ * (rank * share + share * log / spread)
        slope[place] = terms.lambda_ * (rank + (log + 1) / spread)
        if place >= terms.tail_from:
            value -= terms.gamma * share
            slope[place] -= terms.gamma
    if volumes[count - 1] > terms.tail_cap:
        value += terms.lambda_ * (volumes[count - 1] / terms.tail_cap - 1)
        slope[count - 1] += terms.lambda_ / terms.tail_cap
    return value, slope


@compiled
def to_ratios(slope: Floats, ratios: Floats, volumes: Floats) -> Floats:
    """Return the gradient in the ratios of what has the gradient `slope` in the volumes' fractions."""
    count = volumes.size
    mean = 0.0
    for place in range(count):
        mean += slope[place] * volumes[place]
    found, rest = np.empty(count - 1), 0.0
    for place in range(count - 1, 0, -1):
        rest += volumes[place] * (slope[place] - mean)
        found[place - 1] = rest / (1 + ratios[place - 1])
    return found


@compiled
def _slope_of(into: Floats, ratios: Floats, volumes: Floats, part: tuple[int, int, float]) -> None:
    """Write the gradient in the ratios of a weight times the volumes from a place to before another."""
    begin, end, weight = part
    mean, rest = weight * _part(volumes, begin, end), 0.0
    for place in range(volumes.size - 1, 0, -1):
        rest += volumes[place] * ((weight if begin <= place < end else 0.0) - mean)
        into[place - 1] = rest / (1 + ratios[place - 1])


@compiled
def masses(terms: Terms, ratios: Floats, volumes: Floats) -> tuple[Floats, Floats]:
    """Return by how much HC5, the first volume, HC7's deviation and HC2 are kept, and the gradients in the ratios.

    Rows: first quarter, last quarter, last order, first order, deviation, then growth of orders 2 … N in logarithms.
    """
    count = volumes.size
    kept, rows = np.ones(_MASSES + count - 1), np.zeros((_MASSES + count - 1, count - 1))
    quarter = terms.quarter
    if terms.head_most < np.inf:
        kept[0] = terms.head_most - _part(volumes, 0, quarter)
        _slope_of(rows[0], ratios, volumes, (0, quarter, -1.0))
        kept[1] = _part(volumes, count - quarter, count) - terms.tail_least
        _slope_of(rows[1], ratios, volumes, (count - quarter, count, 1.0))
        kept[2] = terms.last_most - volumes[count - 1]
        _slope_of(rows[2], ratios, volumes, (count - 1, count, -1.0))
    logs = np.empty(count - 1)  # of ln v_1; ln v_k has 1 / (1 + m_j) more for each j ≤ k
    _slope_of(logs, ratios, volumes, (0, 1, 1 / volumes[0]))
    if terms.log_first_least > -np.inf:
        kept[3] = math.log(volumes[0]) - terms.log_first_least
        for place in range(count - 1):
            rows[3, place] = logs[place]
    if terms.spread_least > -np.inf:
        mean, kept[4] = _part(ratios, 0, ratios.size) / ratios.size, -terms.spread_least * terms.spread_least
        for place in range(count - 1):
            apart = ratios[place] - mean
            kept[4] += apart * apart / ratios.size
            rows[4, place] = 2 * apart / ratios.size
    if terms.log_growth > -np.inf:
        for place in range(count - 1):
            row = _MASSES + place
            kept[row] = math.log(ratios[place] * volumes[place]) - terms.log_growth
            for before in range(count - 1):
                rows[row, before] = logs[before] + (1 / (1 + ratios[before]) if before < place else 0.0)
            rows[row, place] += 1 / ratios[place]
    return kept, rows


@compiled
def equalised(terms: Terms, ratios: Floats) -> tuple[float, Floats]:
    """Return J without W at equal needs, and its gradient in the ratios (N - 1,) by LADDER 6's equation."""
    count = ratios.size + 1
    volumes, held = shares(ratios)
    at, move = prices(terms, held)
    value, slope = shape(terms, volumes)
    need = 100 * terms.sign * (terms.gain * (1 + move) - 1)
    apart = need - 100 * terms.sign * (terms.gain - 1)
    spread = (count - 1) / (count * count)
    value += terms.alpha * max(need, need - apart) + terms.beta * spread * apart * apart
    by_move = 100 * terms.sign * terms.gain * (terms.alpha + 2 * terms.beta * spread * apart)
    by_fall = np.zeros(count - 1)
    mean = (terms.overlap - terms.first_indent) / (count - 1)
    scatter, by_later = 0.0, 0.0
    for place in range(count - 2, -1, -1):  # of S in each ln p_k/p_{k-1}: all later prices move with it
        off = 100 * terms.sign * (at[place] - at[place + 1]) - mean
        scatter += off * off / (count - 1) / 100
        weight = 2 * terms.sign * off / (count - 1) * terms.lambda_
        by_fall[place] = by_later - weight * at[place + 1]
        by_later += weight * (at[place] - at[place + 1])
    value += terms.lambda_ * scatter
    speed, along = 0.0, by_move
    for place in range(count - 1):
        _, quick, _ = _fall(terms.quote, place == 0, move, held[place] / held[place + 1])
        speed += quick
        along += by_fall[place] * quick
    for place in range(count - 1):
        left = held[place] / held[place + 1]
        by_left = _fall(terms.quote, place == 0, move, left)[2] * (by_fall[place] - along / speed)
        slope[place + 1] -= by_left * left / held[place + 1]
        for before in range(place + 1):
            slope[before] += by_left * (1 - left) / held[place + 1]
    return value, to_ratios(slope, ratios, volumes)


@compiled
def split(terms: Terms, point: Floats) -> tuple[Floats, Floats]:
    """Return the ratios (N - 1,) and the indents in percent (N,) of a point (ratios, inner indents, largest need)."""
    count = terms.orders
    indents = np.empty(count)
    indents[0], indents[count - 1] = terms.first_indent, terms.overlap
    for place in range(1, count - 1):
        indents[place] = point[count - 2 + place]
    return point[: count - 1].copy(), indents


@compiled
def needs(terms: Terms, volumes: Floats, held: Floats, indents: Floats) -> tuple[Floats, Floats, Floats]:
    """Return every need in percent (N,), and its gradients in volumes' fractions and in indents, (N, N) each."""
    count = volumes.size
    at = 1 - terms.sign * indents / 100
    found, by_volume, by_indent = np.empty(count), np.zeros((count, count)), np.zeros((count, count))
    worth = 0.0
    for order in range(count):
        worth += volumes[order] / at[order] if terms.quote else volumes[order] * at[order]
        average = held[order] / worth if terms.quote else worth / held[order]
        scale = 100 * terms.sign * terms.gain / at[order]
        found[order] = scale * average - 100 * terms.sign
        for place in range(order + 1):
            if terms.quote:
                by_volume[order, place] = scale * (1 - average / at[place]) / worth
                by_price = scale * average * average * volumes[place] / (held[order] * at[place] * at[place])
            else:
                by_volume[order, place] = scale * (at[place] - average) / held[order]
                by_price = scale * volumes[place] / held[order]
            by_indent[order, place] = -terms.sign / 100 * by_price
        by_indent[order, order] += terms.sign / 100 * scale * average / at[order]
    return found, by_volume, by_indent


@compiled
def epigraph(terms: Terms, point: Floats) -> tuple[float, Floats]:
    """Return J without W and its gradient at a point (2N - 2,), the largest need standing for max need."""
    count, free = terms.orders, terms.orders - 2
    ratios, indents = split(terms, point)
    volumes, held = shares(ratios)
    value, slope = shape(terms, volumes)
    need, by_volume, by_indent = needs(terms, volumes, held, indents)
    middle = _part(need, 0, count) / count
    value += terms.alpha * point[point.size - 1]
    by_place = np.zeros(count)
    for order in range(count):
        apart = need[order] - middle
        value += terms.beta * apart * apart / count
        weight = 2 * terms.beta * apart / count
        for place in range(order + 1):
            slope[place] += weight * by_volume[order, place]
            by_place[place] += weight * by_indent[order, place]
    mean = (terms.overlap - terms.first_indent) / (count - 1)
    for place in range(count - 1):
        off = indents[place + 1] - indents[place] - mean
        value += terms.lambda_ * off * off / (count - 1) / 100
        weight = terms.lambda_ * 2 * off / (count - 1) / 100
        by_place[place + 1] += weight
        by_place[place] -= weight
    gradient = np.empty(point.size)
    by_ratio = to_ratios(slope, ratios, volumes)
    for place in range(count - 1):
        gradient[place] = by_ratio[place]
    for place in range(free):
        gradient[count - 1 + place] = by_place[1 + place]
    gradient[point.size - 1] = terms.alpha
    return value, gradient


@compiled
def limits(terms: Terms, point: Floats) -> tuple[Floats, Floats]:
    """Return `masses` and below it how far each need lies under the largest, with gradients at the point."""
    count, free = terms.orders, terms.orders - 2
    ratios, indents = split(terms, point)
    volumes, held = shares(ratios)
    kept, rows = masses(terms, ratios, volumes)
    need, by_volume, by_indent = needs(terms, volumes, held, indents)
    above = kept.size
    all_kept, all_rows = np.empty(above + count), np.zeros((above + count, point.size))
    for row in range(above):
        all_kept[row] = kept[row]
        for place in range(count - 1):
            all_rows[row, place] = rows[row, place]
    for order in range(count):
        all_kept[above + order] = point[point.size - 1] - need[order]
        by_ratio = to_ratios(by_volume[order], ratios, volumes)
        for place in range(count - 1):
            all_rows[above + order, place] = -by_ratio[place]
        for place in range(free):
            all_rows[above + order, count - 1 + place] = -by_indent[order, 1 + place]
        all_rows[above + order, point.size - 1] = 1.0
    return all_kept, all_rows


class Solved(NamedTuple):
    """Where a descent ended and what it knows there: enough to foresee what other patterns would give.

    `kept` and `rows` are the smooth constraints and their gradients, `multipliers` those of the linear rows, and
    `curvature` is the estimate of the Hessian.
    """

    point: Floats
    value: float
    gradient: Floats
    kept: Floats
    rows: Floats
    multipliers: Floats
    curvature: Floats
    evaluations: int
    sound: bool


@compiled
def _value(terms: Terms, point: Floats, whole: bool) -> tuple[float, Floats]:  # noqa: FBT001 - compiled
    """Return J without W and how far each smooth constraint is kept."""
    if whole:
        return epigraph(terms, point)[0], limits(terms, point)[0]
    return equalised(terms, point)[0], masses(terms, point, shares(point)[0])[0]


@compiled
def _slopes(terms: Terms, point: Floats, whole: bool) -> tuple[Floats, Floats]:  # noqa: FBT001 - compiled
    """Return the gradients of what `_value` returns."""
    if whole:
        return epigraph(terms, point)[1], limits(terms, point)[1]
    return equalised(terms, point)[1], masses(terms, point, shares(point)[0])[1]


@compiled
def project(point: Floats, rows: Floats, least: Floats) -> tuple[Floats, bool]:
    """Return the point nearest to `point` with each row times it at least its bound, and whether there is one."""
    size = point.size
    curvature, nothing = np.zeros((size, size)), np.zeros(size)
    for place in range(size):
        curvature[place, place] = 1.0
    step, _, sound = minimise(curvature, nothing, rows, _from_here(rows, least, point, nothing[:0]))
    for place in range(size):
        step[place] += point[place]
    return step, sound


@compiled
def _direction(
    curvature: Floats, gradient: Floats, rows: Floats, least: Floats, soft: int
) -> tuple[Floats, Floats, bool]:
    """Solve the quadratic program; where its last `soft` rows contradict the others, break them a little."""
    step, multipliers, sound = minimise(curvature, gradient, rows, least)
    if sound:
        return step, multipliers, True
    size, count = gradient.size, least.size
    wide, slope = np.zeros((size + 1, size + 1)), np.empty(size + 1)
    tall, bounds = np.zeros((count + 1, size + 1)), np.zeros(count + 1)
    for column in range(size):
        slope[column] = gradient[column]
        for row in range(size):
            wide[row, column] = curvature[row, column]
        for row in range(count):
            tall[row, column] = rows[row, column]
    wide[size, size], slope[size] = 1.0, ELASTIC
    for row in range(count):
        bounds[row] = least[row]
    for row in range(count - soft, count + 1):
        tall[row, size] = 1.0
    step, multipliers, sound = minimise(wide, slope, tall, bounds)
    return step[:size], multipliers[:count], sound


@compiled
def _moved(point: Floats, step: Floats, length: float) -> Floats:
    """Return a point moved by so much of a step."""
    found = np.empty(point.size)
    for place in range(point.size):
        found[place] = point[place] + length * step[place]
    return found


@compiled
def _after(kept: Floats, rows: Floats, step: Floats) -> float:
    """Return the least of what constraints are foreseen to be kept by after a step."""
    found = np.inf
    for row in range(kept.size):
        found = min(found, kept[row] + _dot(rows[row], step))
    return found


@compiled
def _learn(curvature: Floats, move: Floats, turn: Floats) -> None:
    """Update the curvature by Broyden, Fletcher, Goldfarb and Shanno's rule with Powell's damping."""
    image = _times(curvature, move)
    bent, along = _dot(move, image), _dot(move, turn)
    if not bent > _STILL:
        return
    if along < _DAMPING * bent:
        share = (1 - _DAMPING) * bent / (bent - along)
        for place in range(turn.size):
            turn[place] = share * turn[place] + (1 - share) * image[place]
        along = _dot(move, turn)
    for row in range(move.size):
        for column in range(move.size):
            curvature[row, column] += turn[row] * turn[column] / along - image[row] * image[column] / bent


@compiled
def descend(  # noqa: C901, PLR0912, PLR0913, PLR0917 - one loop of a published method; compiled code takes no keywords
    terms: Terms,
    whole: bool,  # noqa: FBT001 - as above
    rows: Floats,
    least: Floats,
    start: Floats,
    curvature: Floats,
    tolerance: float,
    most: int,
) -> Solved:
    """Lower J from `start`, which the linear rows hold for, until the step foreseen lowers it by less than `tolerance`.

    `whole` chooses the variables: ratios alone at equal needs, or ratios, inner indents and the largest need. An
    evaluation is one call of J and of the smooth constraints together, or one component of their gradients; no more
    than `most` are spent. `sound` is whether the smooth constraints hold at the end.
    """
    size, linear = start.size, least.size
    curvature = curvature.copy()
    point = start.copy()
    value, kept = _value(terms, point, whole)
    gradient, bends = _slopes(terms, point, whole)
    spent = 1 + size
    prices, forces = np.zeros(kept.size), np.zeros(linear)
    for _ in range(_STEPS):
        if spent + 1 + size > most:
            break
        step, multipliers, sound = _direction(
            curvature, gradient, _stacked(rows, bends), _from_here(rows, least, point, kept), kept.size
        )
        if not sound:
            break
        forces, owed = multipliers[:linear], multipliers[linear:]
        broken = 0.0
        for row in range(kept.size):
            prices[row] = max(owed[row], (prices[row] + owed[row]) / 2)
            broken += prices[row] * max(0.0, -kept[row])
        fall = broken - _dot(gradient, step)
        worst = _lowest(kept)
        if worst > -KEPT and fall < tolerance:
            break
        if worst <= -KEPT and _after(kept, bends, step) < _HARDLY * worst:  # no step mends what is broken
            break
        merit, length = value + broken, 1.0
        while True:
            new = _moved(point, step, length)
            new_value, new_kept = _value(terms, new, whole)
            spent += 1
            reached = new_value
            for row in range(kept.size):
                reached += prices[row] * max(0.0, -new_kept[row])
            if reached <= merit - _ARMIJO * length * fall or length < _SHORTEST or spent + size >= most:
                break
            bent = 0.5 * length * length * fall / max(reached - merit + length * fall, 1e-300)
            length = min(0.5 * length, max(0.1 * length, bent))
        if not reached <= merit + 1e-13 or spent + size > most:
            break
        new_gradient, new_bends = _slopes(terms, new, whole)
        spent += size
        turn = _moved(new_gradient, gradient, -1.0)
        for row in range(kept.size):
            if owed[row] > 0:
                for place in range(size):
                    turn[place] -= owed[row] * (new_bends[row, place] - bends[row, place])
        _learn(curvature, _moved(new, point, -1.0), turn)
        point, value, kept, gradient, bends = new, new_value, new_kept, new_gradient, new_bends
    return Solved(point, value, gradient, kept, bends, forces, curvature, spent, _lowest(kept) > -KEPT)


@compiled
def foresee(solved: Solved, rows: Floats, least: Floats) -> tuple[Floats, float, float, bool]:
    """Return where other linear bounds would lead by the quadratic model at `solved`, without any evaluation.

    With the point come the change of J, by how much a smooth constraint would be broken, and whether the linear bounds
    can be kept at all.
    """
    every = _stacked(rows, solved.rows)
    bounds = _from_here(rows, least, solved.point, solved.kept)
    step, _, sound = _direction(solved.curvature, solved.gradient, every, bounds, solved.kept.size)
    change = _dot(solved.gradient, step) + 0.5 * _dot(step, _times(solved.curvature, step))
    broken = max(0.0, -_after(solved.kept, solved.rows, step))
    return _moved(solved.point, step, 1.0), change, broken, sound
