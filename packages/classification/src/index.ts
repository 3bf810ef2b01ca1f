export {
  ancestorsOf,
  type Classification,
  type ClassificationLevel,
  type ClassificationNode,
  childrenOf,
  codeIndex,
  codesOf,
  createClassification,
  finestLevel,
  isConsistent,
  type Labels,
  labelsOf,
  levelNames,
  levelOf,
  type NumberedLevel,
  nodeOf,
  numberedLevels,
  parentOf,
  restoreCode,
  restrictClassification,
} from './classification.ts'
export {
  type Correspondence,
  createCorrespondence,
  type Translated,
  translateLabels,
} from './correspondence.ts'
export { type CutCode, cutCode } from './cut-code.ts'
export { flatClassification } from './flat-classification.ts'
