// Does something again and again while somebody can see it.

/** Run a task now and a while after each time it ended; it rests while the tab is hidden.

    Gives a function that has it run once more, as soon as it can. */
export function poll(task, pauseMs) {
  let wake = () => {};
  let isWanted = false;
  const refresh = () => {
    isWanted = true;
    wake();
  };
  document.addEventListener("visibilitychange", refresh);
  (async () => {
    for (;;) {
      isWanted = false;
      if (!document.hidden) await task();
      if (isWanted) continue;
      await new Promise((resolve) => {
        wake = resolve;
        if (!document.hidden) setTimeout(resolve, pauseMs);
      });
    }
  })();
  return refresh;
}
