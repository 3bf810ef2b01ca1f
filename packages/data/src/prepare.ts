// How texts become what a model reads, alone: what a program has to load that only prepares texts.
export {
  describePreparation,
  PREPARATION_FILE,
  parsePreparation,
  preparationJson,
} from './prepare/preparation-json.ts'
export { isBlankText, type PreparedRows, prepareRows, prepareText } from './prepare/prepare-text.ts'
export { defaultPreparation, type TextPreparation } from './prepare/text-preparation.ts'
