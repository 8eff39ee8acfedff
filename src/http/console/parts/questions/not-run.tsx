interface NotRunContent {
  /** The address that has not been run. */
  path: string;
  /** Why a link of this server's own may be taken for another's. */
  hint: string | undefined;
  /** The form above has a button "Run" for the same. */
  isRunAbove?: boolean;
}

/** What stands in the place of an answer where a link of another site asked for it: running it is left to a person. */
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
