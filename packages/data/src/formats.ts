// File formats alone, without the lexicon: what a program that only reads and writes has to load.
export { csvCell, csvLine, looksLikeFormula } from './csv-cell.ts'
export {
  answerSheetLayout,
  type Column,
  competitionLayout,
  type Layout,
  plainTextLayout,
  textCodeLayout,
} from './layout.ts'
