// Where other parts of the page leave words for the composer.

export { saveDraft } from './compose/drafts';
