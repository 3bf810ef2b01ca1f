import { expect, it } from 'vitest'
import { withJosa } from './josa.ts'

it('chooses the form by the last sound', () => {
  expect(withJosa('철판', '을/를')).toBe('철판을')
  expect(withJosa('목재', '을/를')).toBe('목재를')
  expect(withJosa('책상', '과/와')).toBe('책상과')
  expect(withJosa('의자', '과/와')).toBe('의자와')
})

it('joins 로 to vowels and to ㄹ, 으로 to other consonants', () => {
  expect(withJosa('나무', '으로/로')).toBe('나무로')
  expect(withJosa('강철', '으로/로')).toBe('강철로')
  expect(withJosa('강판', '으로/로')).toBe('강판으로')
})

it('reads letters and digits as spoken, and skips a note in brackets', () => {
  expect(withJosa('PVC', '을/를')).toBe('PVC를')
  expect(withJosa('PET필름', '을/를')).toBe('PET필름을')
  expect(withJosa('DRAM', '을/를')).toBe('DRAM을')
  expect(withJosa('LED', '으로/로')).toBe('LED로')
  expect(withJosa('MDL', '으로/로')).toBe('MDL로')
  expect(withJosa('배관(금속)', '을/를')).toBe('배관(금속)을')
})
