interface NotRunContent {
  /** The address that has not been run. */
  path: string;
  /** Why a link of this server's own may look like one of another site. */
  hint: string | undefined;
  /** Whether the form above has a "Run" button for the same question. */
  isRunAbove?: boolean;
}

/** Shown instead of an answer if a link of another site asked for it: a person has to decide to run it. */
export function NotRun({ path, hint, isRunAbove = false }: NotRunContent) {
  return (
    <section id="result" aria-label="Result" data-not-run>
      <p class="note">
        A link of another site led here, so this has not been run. Look at what it asks
        {isRunAbove ? ' above, and press Run.' : ', and run it if you want that.'}
      </p>
      {!isRunAbove && (
        <p class="bar">
          <a class="main" href={path}>
            Run
          </a>
        </p>
      )}
      {hint !== undefined && <p class="quiet">{hint}</p>}
    </section>
  );
}
