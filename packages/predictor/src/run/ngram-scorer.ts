import type { NgramModel } from '@kic/ngram'
import type { RefusedText, ScoredText } from '../answers/scored-text.ts'
import type { TaskFacts } from '../model/task-facts.ts'
import { ngramTexts } from './ngram-texts.ts'
import { turnIfDue } from './shared-turns.ts'
import { disposed, type TextScorer } from './text-scorer.ts'

/** Characters that are scored together at most, if a text has no more: of long texts, each is a block. */
const MOST_CHARACTERS = 1024
/** Milliseconds that a block may take. One that takes longer halves the next, as with many neighbours to compare. */
const BLOCK_TIME = 8

/** Scores texts with an n-gram model. A text's scores do not depend on other texts. */
export const ngramScorer = (
  facts: Pick<TaskFacts, 'notes' | 'preparation' | 'tree'>,
  model: Pick<NgramModel, 'scores' | 'knows'>,
): TextScorer => {
  const classes = facts.tree.codes.length
  let isDisposed = false
  let characters = MOST_CHARACTERS
  const scoreBlock = (texts: readonly string[]): readonly (ScoredText | RefusedText)[] => {
    const checked = ngramTexts(facts, model, texts)
    const scores = model.scores(checked.flatMap(({ text, reason }) => (reason === undefined ? [text] : [])))
    let at = 0
    return checked.map(({ text, reason }) => {
      if (reason !== undefined) return { text, reason }
      const logits = scores.subarray(at, at + classes)
      at += classes
      return { text, logits, truncated: false }
    })
  }
  return {
    score: async (texts, signal) => {
      const found: (ScoredText | RefusedText)[] = []
      while (found.length < texts.length) {
        const turn = turnIfDue()
        if (turn !== undefined) await turn
        signal?.throwIfAborted()
        if (isDisposed) throw disposed()
        const started = performance.now()
        found.push(...scoreBlock(texts.slice(found.length, blockEnd(texts, found.length, characters))))
        const time = performance.now() - started
        if (time > BLOCK_TIME) characters = Math.max(1, characters / 2)
        else if (time < BLOCK_TIME / 4) characters = Math.min(MOST_CHARACTERS, characters * 2)
      }
      return found
    },
    dispose: async () => {
      isDisposed = true
    },
  }
}

/** The end of the texts from `start` on that have so many characters together, or of the first if it has more. */
const blockEnd = (texts: readonly string[], start: number, characters: number): number => {
  let end = start + 1
  let left = characters - (texts[start]?.length ?? 0)
  for (; end < texts.length; end++) {
    // Preparing an empty text takes time, too.
    left -= 1 + (texts[end]?.length ?? 0)
    if (left < 0) break
  }
  return end
}
