// Does something again and again while somebody can see it.

/** Run a task now and a while after each time it ended; it rests while the tab is hidden.

    Gives a function that runs it at once. */
export function poll(task, pauseMs) {
  let wake = () => {};
  document.addEventListener("visibilitychange", () => wake());
  (async () => {
    for (;;) {
      if (!document.hidden) await task();
      await new Promise((resolve) => {
        wake = resolve;
        if (!document.hidden) setTimeout(resolve, pauseMs);
      });
    }
  })();
  return () => wake();
}
