// The script of the page of SQL.
import { EditorView } from '@codemirror/view';

const place = document.querySelector('#editor');
if (place) new EditorView({ parent: place });
