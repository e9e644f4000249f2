"""The kernel part of the ladder benchmark: scores and violations of a batch, and points decoded and scored."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

import numpy_ladder
from budgets import Budget
from deskc.ladder.constraints import violated
from deskc.ladder.decode import Decoded, decode, decode_and_score
from deskc.ladder.kernels import Judged, judge_batch
from deskc.ladder.model import Ladder
from deskc.ladder.parameters import Floats, Parameters, pack
from deskc.ladder.room import Room, room
from deskc.ladder.score import score
from deskc.ladder.settings import Core, Settings
from parts import Found, race

__all__ = ["run"]

COUNTS, JUDGED = (10, 20, 30), 20  # the budgets are for this many orders
LADDERS, SAMPLE = 16_384, 64
ROUNDS, QUICK_ROUNDS = 15, 5
CLOSE = 1e-11  # a peer adds in another order


class _Case(NamedTuple):
    """A batch of one number of orders: half of it decoded from points, half with ratios that break this and that."""

    settings: Settings
    parameters: Parameters
    space: Room
    points: Floats
    ladders: Decoded


def run(*, quick: bool) -> Found:
    """Compare the kernel with its twins bit by bit or within rounding, then time them."""
    cases = [_case(count) for count in COUNTS]
    failures = [line for case in cases for line in _differences(case)]
    table = [f"{'one core, ns a ladder':28}" + "".join(f"{f'N = {count}':>12}" for count in COUNTS)]
    times = [_times(case, rounds=QUICK_ROUNDS if quick else ROUNDS) for case in cases]
    table += [f"{name:28}" + "".join(f"{1e9 * found[name]:12.0f}" for found in times) for name in times[0]]
    judged = times[COUNTS.index(JUDGED)]
    budgets = (
        Budget(f"kernel, N = {JUDGED}", 0.25, "x its NumPy twin", judged["kernel"] / judged["NumPy twin"]),
        Budget(f"decode and score, N = {JUDGED}", 1.0, "us a ladder a core", 1e6 * judged["decode and score"]),
    )
    return Found(tuple(table), budgets, tuple(failures))


def _case(count: int) -> _Case:
    settings = Settings(Core(num_orders=count))
    space, random = room(settings), np.random.default_rng(count)
    points = random.random((LADDERS, count - 1))
    half = decode(points[: LADDERS // 2], space)
    growth = np.cumprod(1 + random.uniform(0, 0.8, (LADDERS // 2, count - 1)), axis=1)
    shape = np.concatenate([np.ones((LADDERS // 2, 1)), growth], axis=1)
    inner = np.sort(random.uniform(0, 20, (LADDERS // 2, count - 2)), axis=1)
    indents = np.pad(inner, ((0, 0), (1, 1)), constant_values=((0, 0), (0, 20)))
    volumes = 100 * shape / shape.sum(axis=1, keepdims=True)
    ladders = Decoded(np.concatenate([half.volumes, volumes]), np.concatenate([half.indents, indents]))
    return _Case(settings, pack(settings), space, points, ladders)


def _differences(case: _Case) -> Iterator[str]:
    """Yield where the kernel differs from the plain reference in a bit, or from NumPy by more than rounding."""
    judged, count = judge_batch(*case.ladders, case.parameters), case.settings.core.num_orders
    for row in range(0, LADDERS, LADDERS // SAMPLE):
        ladder = Ladder(*(tuple(half[row].tolist()) for half in case.ladders))
        plain = score(ladder, case.settings)
        mask = sum(1 << code for code, breaks in enumerate(violated(ladder, case.settings)) if breaks)
        if (judged.scores[row], judged.violations[row], judged.max_needs[row]) != (
            plain.value,
            mask,
            plain.max_need_pct,
        ):
            yield f"N = {count}: the kernel and the plain reference differ on ladder {row}"
    peer = Judged(*numpy_ladder.judge(*case.ladders, case.settings))
    apart = float(np.max(np.abs(peer.scores / judged.scores - 1)))
    other = int(np.count_nonzero(peer.violations != judged.violations))
    if apart > CLOSE or other:
        yield f"N = {count}: kernel and NumPy differ by {apart:.1e} in score, and in the violations of {other} ladders"
    else:
        print(f"same results: N = {count}, {SAMPLE} ladders bit for bit, {LADDERS} within {apart:.0e} of NumPy")


def _times(case: _Case, *, rounds: int) -> dict[str, float]:
    """Return the seconds a ladder that each took."""
    few = [Ladder(*(tuple(half[row].tolist()) for half in case.ladders)) for row in range(SAMPLE)]
    contestants = {
        "plain reference": lambda: [(score(one, case.settings), violated(one, case.settings)) for one in few],
        "NumPy twin": lambda: numpy_ladder.judge(*case.ladders, case.settings),
        "kernel": lambda: judge_batch(*case.ladders, case.parameters),
        "decode": lambda: decode(case.points, case.space),
        "decode and score": lambda: decode_and_score(case.points, case.space, case.parameters),
    }
    sizes = {"plain reference": SAMPLE}
    return {name: seconds / sizes.get(name, LADDERS) for name, seconds in race(contestants, rounds=rounds).items()}
