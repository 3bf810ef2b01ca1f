// The preparation of texts alone, for programs that need nothing else.
export {
  describePreparation,
  encodePreparation,
  PREPARATION_FILE,
  parsePreparation,
  preparationJson,
} from './prepare/preparation-json.ts'
export { isBlankText, type PreparedRows, prepareRows, prepareText } from './prepare/prepare-text.ts'
export { defaultPreparation, type TextPreparation } from './prepare/text-preparation.ts'
