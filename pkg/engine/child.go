package engine

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"
	"unsafe"

	"github.com/ebitengine/purego"
)

// childArg as the first argument makes the binary a child of itself. The library's path and ClickHouse's arguments follow.
const childArg = "engine-child"

// programArg makes it become a clickhouse binary, whose path and arguments follow, once it is confined to the engine's files.
const programArg = "engine-program"

// orphanWait is what an orphan, or a child told to end, is given to finish its queries. It is longer than the parent's patience, which ends first
// where there is a parent.
const orphanWait = closeWait + 5*time.Second

// RunIfChild runs the engine and exits, if this process was started for that; else it does nothing. Every main whose program calls
// [Start] calls it first, before it reads flags or starts anything, and so does TestMain.
func RunIfChild() {
	if len(os.Args) < 3 {
		return
	}
	switch os.Args[1] {
	case childArg:
		os.Exit(runChild(os.Args[2], os.Args[3:]))
	case programArg:
		os.Exit(become(os.Args[2], os.Args[3:]))
	}
}

// runChild loads the library into this process and serves until standard input ends. What goes wrong goes to standard error, which is
// the engine's log; the parent quotes it.
func runChild(library string, args []string) int {
	// Its life is the pipe's: a signal sent to a whole service must not take the engine from under a parent that still works.
	signal.Ignore(syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	go exitAfterInput(os.Stdin)
	if err := serve(library, args); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// become confines this process to the engine's files and turns it into the program. It returns where that fails.
func become(program string, args []string) int {
	runtime.LockOSThread()
	err := confine(program, true)
	if err == nil {
		err = syscall.Exec(program, append([]string{program}, args...), os.Environ())
	}
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// exitAfterInput bounds the life of a child without a parent, should ClickHouse not end with its input: a query may never end.
// Two readers of one pipe both see its end, and there is nothing in it that one could take from the other.
func exitAfterInput(stdin io.Reader) {
	io.Copy(io.Discard, stdin)
	time.Sleep(orphanWait)
	fmt.Fprintln(os.Stderr, "engine child: still busy after the end of its input")
	os.Exit(1)
}

// serve is `clickhouse local` as a function call. It stays on one thread, as the library keeps state in it.
func serve(library string, args []string) error {
	runtime.LockOSThread()
	if err := confine(library, false); err != nil { // every thread of ClickHouse begins at this one
		return err
	}
	lib, err := purego.Dlopen(library, purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		return fmt.Errorf("load engine library %s: %w", library, err)
	}
	var run func(argc int32, argv **byte) uintptr
	var resultError func(result uintptr) string
	for name, fn := range map[string]any{"chdb_query_cmdline": &run, "chdb_result_error": &resultError} {
		sym, err := purego.Dlsym(lib, name)
		if err != nil {
			return fmt.Errorf("engine library %s is of another kind: %w", library, err)
		}
		purego.RegisterFunc(fn, sym)
	}
	var pin runtime.Pinner
	defer pin.Unpin()
	argv := cStrings(&pin, append([]string{"clickhouse"}, args...))
	result := run(int32(len(argv)-1), unsafe.SliceData(argv))
	if result == 0 {
		return fmt.Errorf("engine library %s gave no result", library)
	}
	if msg := resultError(result); msg != "" {
		return fmt.Errorf("engine: %s", msg)
	}
	return nil
}

// cStrings is an argv: strings that end in a zero byte, in a list that ends in a null pointer, pinned for as long as C holds it.
func cStrings(pin *runtime.Pinner, args []string) []*byte {
	argv := make([]*byte, 0, len(args)+1)
	for _, a := range args {
		s := unsafe.SliceData(append([]byte(a), 0))
		pin.Pin(s)
		argv = append(argv, s)
	}
	argv = append(argv, nil)
	pin.Pin(unsafe.SliceData(argv))
	return argv
}
