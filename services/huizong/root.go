package main

import (
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// root is the command with all subcommands. Every flag can be given as an environment variable, too: --listen is HUIZONG_LISTEN.
func root() *cobra.Command {
	cmd := &cobra.Command{
		Use:           "huizong",
		Short:         "Collects a city's monthly sheets and compiles its figures and reports",
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       version(),
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return fromEnvironment(cmd.Flags())
		},
	}
	cmd.AddCommand(serveCommand(), rebuildCommand(), submitCommand(), factsCommand(), figuresCommand(), traceCommand(), reportCommand(),
		warningsCommand(), reportedTwiceCommand(), releaseCommand(), draftCommand(), periodCommand(), annotateCommand(), mappingCommand(), recogniseCommand(), answerCommand(), diffCommand(), templateCommand(), quarantineCommand(), accountCommand(), sheetCommand(), demoCommand(), stopCommand(), journalCommand(), definitionsCommand(), verifyCommand())
	return cmd
}

// fromEnvironment sets the flags that are not given and stand in the environment.
func fromEnvironment(flags *pflag.FlagSet) error {
	var first error
	flags.VisitAll(func(f *pflag.Flag) {
		value, ok := os.LookupEnv("HUIZONG_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_")))
		if f.Changed || !ok || first != nil {
			return
		}
		first = flags.Set(f.Name, value)
	})
	return first
}

// commit is set by make to what the binary was built from.
var commit string

// version is the commit that the binary was built from, or the module's version.
func version() string {
	if commit != "" {
		return commit
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value[:min(12, len(s.Value))]
		}
	}
	return info.Main.Version
}
