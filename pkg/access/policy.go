// Package access says who may do what. The policy is one table (policy.go): roles have permissions, and a route or a token names the
// permission that it needs; what the table does not grant is refused. Accounts, sessions and tokens are kept beside it.
//
// A permission says what may be done; the unit says to whose sheets. A clerk's unit bounds everything that the clerk sees, and what
// lies outside is answered as if it were not there.
package access

import "slices"

// Role is what somebody is in the bureau.
type Role string

// The roles. Administration is three of them, none of which can do the others' part: the administrator makes accounts and keeps the
// system going, the security administrator says what an account may do, the auditor reads what both have done. Operator is no
// account: it is the command line of the person who runs the server.
const (
	Clerk         Role = "clerk" // of one unit
	Reviewer      Role = "reviewer"
	Analyst       Role = "analyst"
	Administrator Role = "administrator"
	Security      Role = "security"
	Auditor       Role = "auditor"
	Operator      Role = "operator"
)

// Roles are those that an account can have.
var Roles = []Role{Clerk, Reviewer, Analyst, Administrator, Security, Auditor}

// Administration are the roles that one account may hold together, where a bureau has not the people for three.
var Administration = []Role{Administrator, Security, Auditor}

// Permission names something that may be done: a thing, and what is done to it.
type Permission string

// The permissions. Anyone and SignedIn are for routes only: no role has them, and no token can be given them.
const (
	Anyone   Permission = "anyone"
	SignedIn Permission = "signed_in"

	SendSubmissions   Permission = "submissions:send"
	ReadSubmissions   Permission = "submissions:read"
	ReviewSubmissions Permission = "submissions:review"
	ConfirmMappings   Permission = "mappings:confirm"
	ReadBoard         Permission = "board:read" // who has sent what, of all units
	ReadFigures       Permission = "figures:read"
	PublishReleases   Permission = "releases:publish"
	ClosePeriods      Permission = "periods:close"
	ManageQuarantine  Permission = "quarantine:manage"
	ReadAccounts      Permission = "accounts:read"
	ManageAccounts    Permission = "accounts:manage" // who can sign in
	GrantRoles        Permission = "roles:grant"     // what they may do then
	ManageCalendar    Permission = "calendar:manage"
	ReadSystem        Permission = "system:read"
	ReadAudit         Permission = "audit:read"
)

// Permissions are all that a role or a token can have. There is none to alter a figure.
var Permissions = []Permission{SendSubmissions, ReadSubmissions, ReviewSubmissions, ConfirmMappings, ReadBoard, ReadFigures, PublishReleases, ClosePeriods,
	ManageQuarantine, ReadAccounts, ManageAccounts, GrantRoles, ManageCalendar, ReadSystem, ReadAudit}

// granted is the policy. Sheets hold names and ID numbers of persons: they are for those who make them and those who check them; who works
// with figures follows them to a cell's picture, where persons are masked.
var granted = map[Role][]Permission{
	Clerk:         {SendSubmissions, ReadSubmissions, ConfirmMappings},
	Reviewer:      {ReadSubmissions, ReviewSubmissions, ConfirmMappings, ReadBoard, ReadFigures, ClosePeriods},
	Analyst:       {ReadBoard, ReadFigures, PublishReleases},
	Administrator: {ManageQuarantine, ReadAccounts, ManageAccounts, ManageCalendar, ReadSystem},
	Security:      {ReadAccounts, GrantRoles, ReadSystem},
	Auditor:       {ReadBoard, ReadFigures, ReadSystem, ReadAudit},
	Operator:      Permissions,
}

// data are the permissions that show sheets or figures. Who administers has none of them, whatever else the account holds: an auditor
// who is the administrator too reads the log and no figure.
var data = []Permission{SendSubmissions, ReadSubmissions, ReviewSubmissions, ConfirmMappings, ReadBoard, ReadFigures, PublishReleases, ClosePeriods}

// Grants reports whether the role has the permission.
func (r Role) Grants(p Permission) bool { return slices.Contains(granted[r], p) }

// Permissions are those of the role.
func (r Role) Permissions() []Permission { return slices.Clone(granted[r]) }

// OfUnit reports whether the role is held for one unit.
func (r Role) OfUnit() bool { return r == Clerk }

// RoleSet are the roles of an account, the first of them before the others.
type RoleSet []Role

// Administers reports whether the account is one that administers others or the system.
func (set RoleSet) Administers() bool {
	return slices.Contains(set, Administrator) || slices.Contains(set, Security)
}

// Granting is the role of the set that grants the permission; "" is none.
func (set RoleSet) Granting(p Permission) Role {
	if set.Administers() && slices.Contains(data, p) {
		return ""
	}
	for _, r := range set {
		if r.Grants(p) {
			return r
		}
	}
	return ""
}

// Permissions are those of the set, in the order of Permissions.
func (set RoleSet) Permissions() []Permission {
	var all []Permission
	for _, p := range Permissions {
		if set.Granting(p) != "" {
			all = append(all, p)
		}
	}
	return all
}
