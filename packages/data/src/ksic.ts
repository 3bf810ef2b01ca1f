// The classification alone, without the lexicon: what a program that only predicts has to load.
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
export { ksic10, ksic10AbsentGroups, ksic10Occurring } from './ksic10.ts'
