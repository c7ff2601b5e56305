/** What the parts of a tokenizer.json do. */

export type Normalize = (text: string) => string;

/** Cuts pieces further; `atStart` says that the first of them begins the text. */
export type PreTokenize = (pieces: readonly string[], atStart: boolean) => readonly string[];
