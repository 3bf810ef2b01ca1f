/** Class names in class order. */
export const classNames = (id2label: Readonly<Record<string, string>>): readonly string[] =>
  Array.from({ length: Object.keys(id2label).length }, (_, id) => id2label[id] ?? '')
