import { type Classification, createClassification } from './classification.ts'

/**
 * Labels of one's own as a classification of one level: whatever they look like, they are codes of nothing else.
 *
 * @param labels different ones, in the order of their class numbers; their names are themselves
 * @throws KicError `classification/bad-tree` where there is none, or one is empty or there twice.
 */
export const flatClassification = (
  labels: readonly string[],
  {
    name = 'labels',
    level = 'label',
  }: { readonly name?: string | undefined; readonly level?: string | undefined } = {},
): Classification =>
  createClassification(name, [{ name: level, nodes: labels.map((label) => ({ code: label, name: label })) }])
