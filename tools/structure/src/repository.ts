/** The parts of a package.json that the rules and the map read. */
export interface Manifest {
  readonly name: string
  readonly description: string
  readonly private: boolean
  /** Sources by entry: `./node` → `./src/node.ts`. */
  readonly entries: Readonly<Record<string, string>>
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
}

/** A package, an example or a tool. */
export interface Workspace {
  /** `packages/core`; all paths are relative to the repository's root. */
  readonly folder: string
  /** `core`, `examples/browser`, `tools/bench`: its name in rules and on the map. */
  readonly label: string
  readonly manifest: Manifest
}

/** One import of a file, type-only ones included. */
export interface Import {
  /** As it is written: `./row.ts`, `@kic/core/node`, `fs/promises`. */
  readonly specifier: string
  /** A file of the repository, a built-in module of Node.js, anything else that was found, or nothing. */
  readonly kind: 'file' | 'built-in' | 'installed' | 'missing'
  /** The file's path, if it is one of the repository. */
  readonly to: string
}

/** What the rules look at. */
export interface Repository {
  readonly workspaces: readonly Workspace[]
  /** Names of the root's development dependencies, which tests and scripts of all workspaces may import. */
  readonly shared: ReadonlySet<string>
  /** Texts of all files that can import, by path. */
  readonly files: ReadonlyMap<string, string>
  /** Texts of the pages that show the map, by path. */
  readonly pages: ReadonlyMap<string, string>
  /** What each file imports, by path. */
  readonly imports: ReadonlyMap<string, readonly Import[]>
  /** Files that import each other in a circle, each circle once. */
  readonly cycles: readonly (readonly string[])[]
}

/** The workspace that a file belongs to. */
export const workspaceOf = ({ workspaces }: Repository, path: string): Workspace | undefined =>
  workspaces.find(({ folder }) => path.startsWith(`${folder}/`))

/** Whether a file is published, or would be: not a test, a fixture, a script or a setting of a tool. */
export const isShipped = (path: string): boolean =>
  /^[^/]+\/[^/]+\/(src|bin)\//.test(path) && !/\.test\.tsx?$|\/__fixtures__\//.test(path)
