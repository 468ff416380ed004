// Package built has the scripts and styles that `make bundle` built from npm packages, embedded. A program that was compiled without
// them runs: a page that needs one shows that it is missing.
package built

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io"
	"mime"
	"net/http"
	"path"
	"strings"

	"huizong/pkg/reporting"
)

//go:embed files
var files embed.FS

// Prefix is where the portal serves the files: Prefix + name.
const Prefix = "/built/"

// versions are the hashes of what is there, by name.
var versions = hash()

func hash() map[string]string {
	found := map[string]string{}
	entries, _ := files.ReadDir("files") // embedded: it is there
	for _, e := range entries {
		name, packed := strings.CutSuffix(e.Name(), ".gz")
		if !packed {
			continue
		}
		content, _ := files.ReadFile("files/" + e.Name())
		sum := sha256.Sum256(content)
		found[name] = hex.EncodeToString(sum[:6])
	}
	return found
}

// Path is the address of a file for a page. It changes with the content, so browsers keep the file until then.
func Path(name string) string { return Prefix + name + "?v=" + versions[name] }

// Serve answers with a file: charts.js, reference.js, reference.css or LICENSES.txt. Its error is not_found for another name, and
// unavailable where the program was compiled before `make bundle`.
func Serve(w http.ResponseWriter, r *http.Request, name string) error {
	if len(versions) == 0 {
		return reporting.Errorf(reporting.Unavailable, "the portal's scripts were not built into this program: run make")
	}
	version, ok := versions[name]
	if !ok {
		return reporting.Errorf(reporting.NotFound, "no file %q", name)
	}
	header := w.Header()
	header.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	header.Set("Cache-Control", "no-cache")
	if r.URL.Query().Get("v") == version {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	header.Set("Vary", "Accept-Encoding")
	header.Set("ETag", `"`+version+`"`)
	if r.Header.Get("If-None-Match") == `"`+version+`"` {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	content, _ := files.ReadFile("files/" + name + ".gz")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		header.Set("Content-Encoding", "gzip")
		w.Write(content) // fails where the caller has gone: there is no one to answer
		return nil
	}
	plain, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return err
	}
	io.Copy(w, plain)
	return nil
}
