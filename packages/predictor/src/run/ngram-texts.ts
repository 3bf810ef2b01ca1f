import type { NgramModel } from '@kic/ngram'
import type { TaskFacts } from '../model/task-facts.ts'
import { type CheckedText, checkText } from '../model/usable-text.ts'

/** Prepares texts, and checks which of them an n-gram model can use. */
export const ngramTexts = (
  { notes, preparation }: Pick<TaskFacts, 'notes' | 'preparation'>,
  model: Pick<NgramModel, 'knows'>,
  texts: readonly string[],
): readonly CheckedText[] =>
  texts.map((given) => {
    const { text, reason } = checkText(given, notes, preparation)
    if (reason !== undefined) return { text, reason }
    return model.knows(text) ? { text } : { text, reason: 'unknown-words' }
  })
