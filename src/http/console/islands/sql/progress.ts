const TICK_MS = 100;

/** A line that says how long a query has been running, with a button that ends it. */
export interface Progress {
  begin(onCancel: () => void): void;
  end(sentence: string): void;
  say(sentence: string): void;
}

export function openProgress(place: Element): Progress {
  const line = Object.assign(document.createElement('span'), { className: 'progress' });
  const status = document.createElement('span');
  status.setAttribute('role', 'status');
  // Hidden from screen readers: they should not read out a number that changes ten times a second.
  const time = document.createElement('span');
  time.setAttribute('aria-hidden', 'true');
  const cancel = Object.assign(document.createElement('button'), {
    ...{ type: 'button', textContent: 'Cancel', hidden: true },
  });
  // The button comes before the time. After it, the button would move each time the number gets longer, and a click
  // could miss it.
  line.append(status, cancel, time);
  place.append(line);
  let timer: ReturnType<typeof setInterval> | undefined;
  let onCancel = () => {};
  cancel.addEventListener('click', () => onCancel());
  return {
    begin(cancelled) {
      clearInterval(timer);
      const startedAt = performance.now();
      onCancel = cancelled;
      cancel.hidden = false;
      status.textContent = 'Running…';
      timer = setInterval(() => {
        time.textContent = `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
      }, TICK_MS);
    },
    end(sentence) {
      clearInterval(timer);
      time.textContent = '';
      cancel.hidden = true;
      status.textContent = sentence;
    },
    say(sentence) {
      status.textContent = sentence;
    },
  };
}
