import { createHierarchy, type Hierarchy } from './hierarchy.ts'

/**
 * Labels of one's own as a classification of one level: whatever they look like, they are codes of nothing else.
 *
 * @param labels different ones, in the order of their class numbers; their names are themselves
 * @throws KicError `data/bad-hierarchy` where there is none, or one is empty or there twice.
 */
export const flatHierarchy = (
  labels: readonly string[],
  {
    name = 'labels',
    level = 'label',
  }: { readonly name?: string | undefined; readonly level?: string | undefined } = {},
): Hierarchy =>
  createHierarchy(name, [{ name: level, nodes: labels.map((label) => ({ code: label, name: label })) }])
