export {
  type Correspondence,
  createCorrespondence,
  type Translated,
  translateLabels,
} from './correspondence.ts'
export { type CutCode, cutCode } from './cut-code.ts'
export { flatHierarchy } from './flat-hierarchy.ts'
export {
  ancestorsOf,
  childrenOf,
  codeIndex,
  codesOf,
  createHierarchy,
  finestLevel,
  type Hierarchy,
  type HierarchyLevel,
  type HierarchyNode,
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
  restrictHierarchy,
} from './hierarchy.ts'
export { ancestorNumbers, labelNumbers, labelsOfNumbers } from './label-numbers.ts'
