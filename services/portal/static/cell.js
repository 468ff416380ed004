// Brings the cell of the page into the middle of its sheet: the sheet scrolls in a window of its own.
const cell = document.querySelector('#sheet .m-cited')
if (cell) cell.scrollIntoView({ block: 'nearest', inline: 'center' })
