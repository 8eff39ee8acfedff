import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { type Extension, Prec, StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import { sqlTokens } from '../../../../questions/sql/sql-tokens.ts';
import { sqlLanguage } from './completions.ts';
import type { Table } from './schema.ts';

export interface Editor {
  text(): string;
  setText(text: string): void;
  /** Inserts a text at the cursor, and puts the cursor after it. */
  insert(text: string): void;
  /** Marks the word at an offset, counted from 1. The mark stays until the next call; undefined removes it. */
  markFault(offset: number | undefined): void;
}

export interface EditorOptions {
  tables: readonly Table[];
  onRun(): void;
  onChange(text: string): void;
}

/**
 * Shows an editor instead of a text field. The field stays in the form, and always has the editor's text. The editor
 * does not handle Tab, so that people can leave it with the keyboard.
 */
export function openEditor(field: HTMLTextAreaElement, { tables, onRun, onChange }: EditorOptions): Editor {
  const label = document.querySelector<HTMLLabelElement>(`label[for="${field.id}"]`);
  if (label) label.id = `${field.id}-label`;
  const run = (own: EditorView) => {
    closeCompletion(own);
    onRun();
    return true;
  };
  const view = new EditorView({
    doc: field.value,
    extensions: [
      cspNonce(),
      lineNumbers(),
      history(),
      bracketMatching(),
      closeBrackets(),
      autocompletion({ icons: false }),
      sqlLanguage(tables),
      syntaxHighlighting(classHighlighter),
      faultMark,
      THEME,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({
        'aria-labelledby': `${field.id}-label`,
        'aria-describedby': field.getAttribute('aria-describedby') ?? '',
        spellcheck: 'false',
        autocapitalize: 'off',
      }),
      Prec.highest(keymap.of([{ key: 'Mod-Enter', run }])),
      keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
      EditorView.updateListener.of(({ docChanged, state }) => {
        if (!docChanged) return;
        field.value = state.doc.toString();
        onChange(field.value);
      }),
    ],
  });
  field.after(view.dom);
  field.hidden = true;
  // A browser can't show its message about an empty field if the field is hidden.
  field.required = false;
  label?.addEventListener('click', () => view.focus());
  return {
    text: () => view.state.doc.toString(),
    setText: (insert) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert } }),
    insert(text) {
      view.dispatch(view.state.replaceSelection(text));
      view.focus();
    },
    markFault(offset) {
      const range = offset === undefined ? undefined : wordAt(view.state.doc.toString(), offset - 1);
      view.dispatch({ effects: setFault.of(range) });
    },
  };
}

/** The editor adds styles. The page's policy allows them because they have the same nonce as its scripts. */
function cspNonce(): Extension {
  return EditorView.cspNonce.of(document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '');
}

interface Range {
  from: number;
  to: number;
}

function wordAt(text: string, index: number): Range | undefined {
  let last: Range | undefined;
  for (const { kind, start, end } of sqlTokens(text)) {
    if (start <= index && index < end) return { from: index, to: end };
    if (kind !== 'space') last = { from: start, to: end };
  }
  // At the end of the SQL there is no word to mark: something is missing there. We mark the last word.
  return last;
}

const setFault = StateEffect.define<Range | undefined>();

const faultMark = StateField.define({
  create: () => Decoration.none,
  update(marks, { effects, changes }) {
    for (const effect of effects) {
      if (!effect.is(setFault)) continue;
      const { from = 0, to = 0 } = effect.value ?? {};
      return to > from ? Decoration.set([Decoration.mark({ class: 'faulty' }).range(from, to)]) : Decoration.none;
    }
    return marks.map(changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** The console's colours. They adapt to the light or dark theme by themselves. */
const THEME = EditorView.theme({
  '&': {
    border: '1px solid light-dark(#7b848f, #838c97)',
    borderRadius: '0.25rem',
    backgroundColor: 'var(--page)',
    fontSize: '0.8125rem',
  },
  '&.cm-focused': { outline: '3px solid var(--focus)', outlineOffset: '0' },
  '.cm-scroller': {
    fontFamily: 'ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace',
    lineHeight: '1.5',
    minHeight: '12rem',
    maxHeight: '60vh',
  },
  '.cm-content': { caretColor: 'var(--text)', minHeight: '12rem' },
  '.cm-gutters': { backgroundColor: 'var(--panel)', color: 'var(--quiet)', borderRight: '1px solid var(--line)' },
  '.cm-tooltip': { backgroundColor: 'var(--page)', color: 'var(--text)', border: '1px solid var(--line)' },
  '.cm-tooltip.cm-completionInfo': { maxWidth: 'min(24rem, 90vw)', padding: '0.25rem 0.5rem' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'light-dark(#0b5cad, #2a6fb5)',
    color: '#fff',
  },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'light-dark(#cdebd8, #1d4a30)' },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'light-dark(#f8cfcb, #5f221d)' },
});
