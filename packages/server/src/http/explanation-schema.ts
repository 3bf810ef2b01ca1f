import * as z from 'zod'
import { candidate, unusable } from './candidate-schema.ts'

const weights = z.object({ first: z.number(), second: z.number() })

const explained = z.object({
  status: z.literal('explained'),
  text: z.string().meta({ description: 'The classified text, after the model’s preparation.' }),
  first: candidate.meta({ description: 'The answer at the finest level.' }),
  second: candidate.optional().meta({ description: 'The next most probable class.' }),
  method: z.enum(['additive', 'occlusion']).meta({
    description:
      '`additive`: base and weights sum up to the total. `occlusion`: weights estimate what removing a character costs.',
  }),
  characters: z
    .array(z.object({ character: z.string(), ...weights.shape }))
    .readonly()
    .meta({
      description: 'Each character’s evidence for the first and the second answer, in nats.',
    }),
  base: weights.optional().meta({ description: 'Of `additive`: what no character contributes.' }),
  total: weights.optional().meta({
    description:
      'Of `additive`: the score of each answer. They differ by the logarithm of the ratio of the confidences.',
  }),
  strongest: z
    .object({ places: z.array(z.int().min(0)).readonly(), text: z.string(), confidence: z.number() })
    .meta({ description: 'The three characters whose removal costs the first answer most.' }),
  examples: z
    .array(z.object({ text: z.string(), code: z.string(), name: z.string(), similarity: z.number() }))
    .readonly()
    .optional()
    .meta({ description: 'The nearest coded texts, if the model keeps some.' }),
})

export const explanationSchema = z
  .discriminatedUnion('status', [explained, unusable])
  .meta({ id: 'Explanation', description: 'The reasons for the answer to a text.' })
