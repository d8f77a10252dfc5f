package main

import (
	"io"
	"log/slog"
	"os"
)

// newLog writes text to a terminal and JSON to anything else, unless the format is given.
func newLog(w io.Writer, level, format string) *slog.Logger {
	var least slog.Level
	_ = least.UnmarshalText([]byte(level)) // the table lets known levels through; none is info
	options := &slog.HandlerOptions{Level: least}
	if format == formatJSON || format == "" && !terminal(w) {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
