import fc from 'fast-check'
import { type Classification, type ClassificationNode, createClassification } from '../classification.ts'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTU'

interface Shape {
  readonly letters: boolean
  readonly depth: number
}

/** Codes as offices give them: letters or none, then numbers of two digits, each digit more a level more. */
const codedTree = ({ letters, depth }: Shape, next: (below: number) => number): Classification => {
  const levels: { code: string; name: string; parent?: string | undefined }[][] = []
  let division = 0
  const add = (at: number, code: string, parent?: string): void => {
    levels[at] ??= []
    levels[at].push({ code, name: `class ${code}, level ${at}`, parent })
    if (at + 1 >= depth) return
    const children = 1 + next(letters && at === 0 ? 2 : 3)
    for (let i = 0; i < children; i++) {
      if (letters && at === 0) {
        division += 1 + next(2)
        add(at + 1, String(division).padStart(2, '0'), code)
      } else add(at + 1, `${code}${children === 1 ? next(2) : i + 1}`, code)
    }
  }
  for (let i = 0, count = 2 + next(4); i < count; i++) {
    if (!letters) division += 1 + next(4)
    add(0, letters ? (LETTERS[i] ?? 'Z') : String(division).padStart(2, '0'))
  }
  return createClassification(
    'coded',
    levels.map((nodes, at) => ({ name: `level${at + 1}`, nodes: nodes as readonly ClassificationNode[] })),
  )
}

/** Any classification of one to five levels whose codes nest; the coarsest level may be letters. */
export const anyCodedTree: fc.Arbitrary<Classification> = fc
  .tuple(fc.boolean(), fc.integer({ min: 1, max: 5 }), fc.infiniteStream(fc.nat()))
  .map(([letters, depth, stream]) => codedTree({ letters, depth }, (below) => Number(stream.next().value) % below))
