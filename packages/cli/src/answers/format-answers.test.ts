import type { AnswerRow, Candidate, Prediction } from '@kic/predictor'
import { expect, it } from 'vitest'
import { humanFormat } from './format-answers.ts'

const codeOf = (code: string, confidence: number): Candidate => ({
  code,
  name: code,
  confidence,
  labels: { label: code },
})

const prediction: Prediction = {
  status: 'coded',
  text: 'where is my\u001b card',
  codes: { label: codeOf('fees', 0.5) },
  confidence: 0.5,
  top: [codeOf('fees', 0.5), codeOf('credit card', 0.25), codeOf('two\nlines', 0.1)],
  sets: { label: [codeOf('fees', 0.5), codeOf('two\nlines', 0.1)] },
  truncated: false,
}

it('aligns an answer and its alternatives, and writes control characters visibly', () => {
  expect(humanFormat.row({ prediction })).toBe(
    [
      'where is my\\u001b card',
      '  fees          50.0 %',
      '  or',
      '  credit card   25.0 %',
      '  two\\nlines    10.0 %',
      '  label among fees 50.0 %, two\\nlines 10.0 %',
      '',
      '',
    ].join('\n'),
  )
})

it('explains answers without control characters', () => {
  const explained: AnswerRow = {
    prediction,
    explanation: {
      status: 'explained',
      text: 'a',
      method: 'occlusion',
      characters: [{ character: 'a', first: 1, second: 0 }],
      first: codeOf('two\nlines', 0.5),
      second: codeOf('fees\u001b[1m', 0.25),
      strongest: { places: [0], text: '', confidence: 0.1 },
    },
  }
  const row = humanFormat.row(explained)
  expect(row).toContain('    █  two\\nlines\n')
  expect(row).toContain('  fees\\u001b[1m\n')
})
