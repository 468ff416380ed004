// Builds what the portal serves from npm packages into ../built/files, each file gzipped: `make bundle` calls it.
import { build } from 'esbuild'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'

const here = import.meta.dirname
const out = join(here, '../built/files')

const result = await build({
  absWorkingDir: here,
  entryPoints: ['src/charts.js', 'src/reference.js', 'src/reference.css'],
  outdir: out,
  bundle: true,
  minify: true,
  format: 'iife',
  charset: 'utf8',
  target: ['es2017', 'chrome80'],
  define: { 'process.env.NODE_ENV': '"production"' },
  loader: { '.svg': 'dataurl', '.png': 'dataurl' },
  legalComments: 'none', // their texts are in LICENSES.txt
  metafile: true,
  write: false,
})

// packages are those whose files are in an output.
function packages() {
  const found = new Set()
  for (const input of Object.keys(result.metafile.inputs)) {
    const [, name] = input.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//) ?? []
    if (name) found.add(name)
  }
  return [...found].sort()
}

const isLicence = (path) => /^(licen[cs]e|notice|copyright)/i.test(path) || path === 'swagger-ui-es-bundle.js.LICENSE.txt'

// licences are the texts that have to go with the packages: their own, their notices, and those of what they contain.
function licences() {
  const texts = []
  for (const name of packages()) {
    const dir = join(here, 'node_modules', name)
    const { version, license } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'))
    const files = readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((e) => e.isFile() && isLicence(relative(dir, join(e.parentPath, e.name))))
      .map((e) => relative(dir, join(e.parentPath, e.name)))
    if (files.length === 0) throw new Error(`${name} comes without the text of its licence`)
    for (const f of files.sort()) {
      texts.push(`==== ${name} ${version} (${license}): ${f}\n\n${readFileSync(join(dir, f), 'utf8').trim()}\n`)
    }
  }
  return texts.join('\n')
}

mkdirSync(out, { recursive: true })
for (const f of readdirSync(out)) {
  if (f.endsWith('.gz')) rmSync(join(out, f))
}
const files = [{ path: join(out, 'LICENSES.txt'), contents: licences() }, ...result.outputFiles]
for (const { path, contents } of files) {
  const packed = gzipSync(contents, { level: 9 })
  writeFileSync(path + '.gz', packed)
  console.log(`${path.slice(out.length + 1)}  ${Math.round(contents.length / 1024)} KB, ${Math.round(packed.length / 1024)} KB gzipped`)
}
