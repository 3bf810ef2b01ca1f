import * as z from 'zod'

export const levelCode = z.object({
  code: z.string(),
  name: z.string().meta({ description: 'Its name in the classification.' }),
  confidence: z.number().meta({ description: 'Calibrated probability of all classes below this code.' }),
})

export const labels = z
  .record(z.string(), z.string())
  .meta({ description: 'Codes by level name, coarsest first.' })

export const candidate = z.object({ ...levelCode.shape, labels })

export const unusable = z.object({
  status: z.literal('unusable'),
  text: z.string(),
  reason: z.enum(['empty', 'no-letters', 'other-language', 'unknown-words']),
})
