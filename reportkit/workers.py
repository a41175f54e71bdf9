"""The same work on many things beside each other, in processes of their own; where one breaks off nobody waits for the others."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import TypeVar

_MOST = 4

Job = TypeVar("Job")
Done = TypeVar("Done")


def each(work: Callable[[Job], Done], jobs: Sequence[Job], size: Callable[[Job], int], enough: int) -> Iterator[tuple[int, Done]]:
    """Each job's number and what came of it, in the order in which they end; the largest begin first.

    Args:
        work: a function of a module, so that a process can find it.
        jobs: what it is done on.
        size: how much there is to do on a job.
        enough: from which sum of sizes on processes are worth their start.
    """
    workers = min(os.cpu_count() or 1, _MOST, len(jobs))
    if workers < 2 or sum(map(size, jobs)) < enough:
        yield from ((at, work(job)) for at, job in enumerate(jobs))
        return
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context(method), initializer=_alone) as pool:
        largest_first = sorted(range(len(jobs)), key=lambda at: -size(jobs[at]))
        waiting = {pool.submit(work, jobs[at]): at for at in largest_first}
        try:
            yield from ((waiting[one], one.result()) for one in as_completed(waiting))
        except BaseException:
            # Nobody waits for what will not be published.
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in multiprocessing.active_children():
                worker.kill()
            raise


def _alone() -> None:
    """A worker among others: polars in it runs on one thread, and Ctrl+C is for the one who waits for it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["POLARS_MAX_THREADS"] = "1"
    # As in intake: millions of texts, hardly a cycle.
    gc.set_threshold(200_000, 20, 20)
