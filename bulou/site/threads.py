"""A few threads that live as long as the process, of which the one that worked last works next.

Each has a database connection of its own, so there are never more connections than threads, and what the last request
warmed up is still warm.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

_Task = tuple["asyncio.Future[Any]", Callable[..., Any], tuple[Any, ...]]


class Threads:
    """At most so many threads, made as they are needed. Only the thread of the event loop gives them work."""

    def __init__(self, most: int, *, name: str) -> None:
        self.most, self.name = most, name
        self.made = 0
        self._idle: list[SimpleQueue[_Task]] = []
        self._waiting: deque[_Task] = deque()

    @property
    def waiting(self) -> int:
        """How many tasks wait for a thread."""
        return len(self._waiting)

    def run(self, work: Callable[..., Any], *given: Any) -> "asyncio.Future[Any]":
        """Have the work done in a thread; await what comes back for what it returned, or raised."""
        loop = asyncio.get_running_loop()
        task: _Task = (loop.create_future(), work, given)
        if self._idle:
            self._idle.pop().put(task)
        elif self.made < self.most:
            self.made += 1
            inbox: SimpleQueue[_Task] = SimpleQueue()
            inbox.put(task)
            name = f"{self.name} {self.made}"
            threading.Thread(target=self._work, args=(inbox, loop), name=name, daemon=True).start()
        else:
            self._waiting.append(task)
        return task[0]

    def _work(self, inbox: "SimpleQueue[_Task]", loop: asyncio.AbstractEventLoop) -> None:
        while True:
            future, work, given = inbox.get()
            error: BaseException | None = None
            result = None
            try:
                result = work(*given)
            except BaseException as raised:
                error = raised
            loop.call_soon_threadsafe(self._done, inbox, future, result, error)
            del future, work, given, result, error  # nothing of a request is kept while there is no other

    def _done(
        self, inbox: "SimpleQueue[_Task]", future: "asyncio.Future[Any]", result: Any, error: BaseException | None
    ) -> None:
        if self._waiting:
            inbox.put(self._waiting.popleft())
        else:
            self._idle.append(inbox)
        if future.done():  # whoever waited has been given up
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)
