import type { Finding } from '../finding.ts'
import { hasPlace, missingMarkers, PAGES, withBlocks } from '../map/pages.ts'
import type { Repository } from '../repository.ts'

/** Every package, example and tool says its job in a line, and pages with the map show what there is. */
export const map = ({ workspaces, pages }: Repository): readonly Finding[] => [
  ...workspaces
    .filter(({ manifest }) => manifest.description === '')
    .map(({ label }) => ({
      at: label,
      message: 'has no job. Say it in a line, as the description in package.json.',
    })),
  ...Object.entries(PAGES).flatMap(([page, blocks]) => {
    const text = pages.get(page) ?? ''
    const homeless = blocks.filter((block) => !hasPlace(text, block))
    if (homeless.length > 0) return homeless.map(({ name }) => ({ at: page, message: missingMarkers(name) }))
    if (withBlocks(page, text, blocks, workspaces) === text) return []
    return [{ at: page, message: 'has an old map. Run npm run check -- structure --write.' }]
  }),
]
