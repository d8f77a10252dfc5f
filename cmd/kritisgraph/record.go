package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"kritisgraph/internal/audit"
	"kritisgraph/internal/kritis"
	"kritisgraph/internal/store"
)

// defaultAuditKey is the file of the key that signs checkpoints, in the data directory.
const defaultAuditKey = "audit-key.pem"

// openAuditKey opens the key that signs checkpoints, and makes it at the first time.
func (s settings) openAuditKey() (audit.Key, error) {
	path := s.auditKey
	if path == "" {
		if s.data == "" {
			return audit.Key{}, usage("--audit-key is missing: this system names no data directory of the user")
		}
		if err := os.MkdirAll(s.data, 0o700); err != nil {
			return audit.Key{}, usage("--data: %w; or give --audit-key", err)
		}
		path = filepath.Join(s.data, defaultAuditKey)
	}
	key, err := audit.OpenKey(path)
	if err != nil {
		return audit.Key{}, usage("%w; see --audit-key", err)
	}
	return key, nil
}

func newAuditor(s *store.Store, log *slog.Logger) *kritis.Auditor {
	return kritis.NewAuditor(s, time.Now, func(err error) {
		if err != nil {
			log.Error("reads cannot be recorded: restricted reads and changes are refused", "error", err)
			return
		}
		log.Info("reads are recorded again")
	})
}

func newNotary(s *store.Store, key audit.Key, log *slog.Logger) *audit.Notary {
	return audit.NewNotary(s, kritis.Maintenance(), key, time.Now, func(err error) {
		if err != nil {
			log.Error("no checkpoint of the log is signed", "error", err)
			return
		}
		log.Info("checkpoints are signed again")
	})
}

// keepRecord has reads recorded and checkpoints signed until the context ends. The last checkpoint covers the last read.
func keepRecord(ctx context.Context, auditor *kritis.Auditor, notary *audit.Notary, log *slog.Logger) error {
	signing, recorded := context.WithCancel(context.WithoutCancel(ctx))
	var g errgroup.Group
	g.Go(func() error {
		defer recorded()
		return auditor.Run(ctx)
	})
	g.Go(func() error {
		if err := notary.Run(signing); err != nil {
			log.Warn("the last checkpoint of the log was not signed", "error", err)
		}
		return nil
	})
	return g.Wait()
}
