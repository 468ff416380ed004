package portal

// OwnTemplates are the shell's own.
var OwnTemplates = ownTemplates
