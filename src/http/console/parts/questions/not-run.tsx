interface NotRunContent {
  /** The address that has not been run. */
  path: string;
  /** Why a link on this server's own pages may look like a link on another site. */
  hint: string | undefined;
  /** Whether the form above has a "Run" button for the same question. */
  isRunAbove?: boolean;
}

/**
 * Shown instead of an answer if a link on another site led here. A person has to decide whether to run the question.
 */
export function NotRun({ path, hint, isRunAbove = false }: NotRunContent) {
  return (
    <section id="result" aria-label="Result" data-not-run>
      <p class="note">
        A link on another site led here, so this has not been run. Look at what it asks
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
