import type { NgramModel } from '@kic/ngram'
import type { RefusedText, ScoredText } from '../answers/scored-text.ts'
import type { TaskFacts } from '../model/task-facts.ts'
import { ngramTexts } from './ngram-texts.ts'
import { disposed, type TextScorer } from './text-scorer.ts'
import { turn } from './turn.ts'

/** Texts between two turns, in which other calls run and an abort is noticed. */
const BLOCK = 512

/** Scores texts with an n-gram model. A text's scores do not depend on other texts. */
export const ngramScorer = (
  facts: Pick<TaskFacts, 'notes' | 'preparation' | 'tree'>,
  model: Pick<NgramModel, 'scores' | 'knows'>,
): TextScorer => {
  const classes = facts.tree.codes.length
  let isDisposed = false
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
      for (let start = 0; start < texts.length; start += BLOCK) {
        if (start > 0) await turn()
        signal?.throwIfAborted()
        if (isDisposed) throw disposed()
        found.push(...scoreBlock(texts.slice(start, start + BLOCK)))
      }
      return found
    },
    dispose: async () => {
      isDisposed = true
    },
  }
}
