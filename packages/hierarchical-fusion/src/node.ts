export { type LoadedFusion, loadFusion, saveFusion } from './saved-fusion.ts'
