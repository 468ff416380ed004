// The script of the pages that the harness is tried on.
const on = (id, event, act) => document.getElementById(id) && document.getElementById(id).addEventListener(event, act)
const say = (text) => { document.getElementById('said').textContent = text }
const listed = (files) => [...files].map((f) => f.name + ' ' + f.size).join(' ')

on('complain', 'click', (e) => { console.error('不行'); e.target.textContent = '抱怨过' })
on('throw', 'click', () => { throw new Error('扔了') })
on('later', 'click', () => setTimeout(() => say('到了'), 50))
on('hide', 'click', () => { document.getElementById('note').hidden = true })
on('files', 'change', (e) => say('文件：' + listed(e.target.files)))
on('zone', 'dragover', (e) => e.preventDefault())
on('zone', 'drop', (e) => { e.preventDefault(); say('放下：' + listed(e.dataTransfer.files)) })

let keys = ''
addEventListener('keydown', (e) => {
  if (!document.getElementById('said')) return
  keys += ' ' + (e.ctrlKey ? 'Control+' : '') + e.key
  say('键：' + keys)
})
