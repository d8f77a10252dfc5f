package sqlitestore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"

	"github.com/gofrs/flock"

	"kritisgraph/internal/store"
)

// The files in the data directory. SQLite keeps two more beside the store file while it is open.
const (
	fileName = "kritisgraph.db"
	lockName = "kritisgraph.lock"
)

// Options of Open.
type Options struct {
	// Dir is the data directory.
	Dir string
	// ReadOnly opens the store beside the process that writes: it neither creates nor changes anything.
	ReadOnly bool
	// Readers is the number of connections for reads; 0 chooses by the number of processors.
	Readers int
}

// Driver is a store.Driver on one SQLite file. One process per data directory writes, others read beside it. A commit is on
// the disk when it returns. It is safe for concurrent use; Close releases the directory.
type Driver struct {
	dir      string
	readOnly bool
	lock     *flock.Flock
	readers  pool
	writer   pool
	visible  visibilities
	words    atomic.Pointer[vocabulary]
}

var _ store.Driver = (*Driver)(nil)

// Open opens the store in a data directory. The writer creates the directory (mode 0700) and the file (mode 0600) where
// they are missing and holds the directory until Close or the end of the process; a second writer is ErrInUse. With
// ReadOnly a missing store is ErrNoStore. A file that is no store is an error that says so.
func Open(ctx context.Context, o Options) (*Driver, error) {
	if o.Dir == "" {
		return nil, fmt.Errorf("opening the store: %w: no data directory given", store.ErrInvalid)
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("opening the store: %w", err)
	}
	if o.Readers <= 0 {
		o.Readers = max(4, runtime.GOMAXPROCS(0))
	}
	d := &Driver{dir: dir, readOnly: o.ReadOnly}
	path := filepath.Join(dir, fileName)
	if o.ReadOnly {
		err = exists(path)
	} else {
		err = d.prepare(path)
	}
	if err != nil {
		return nil, errors.Join(err, d.unlock())
	}
	d.readers = newPool(o.Readers, func() (*conn, error) {
		return dial(path, "ro", "query_only(1)", "cache_size(-32768)", "mmap_size(1073741824)")
	})
	d.writer = newPool(1, func() (*conn, error) {
		return dial(path, "rw", "journal_mode(wal)", "synchronous(full)", "fullfsync(1)", "checkpoint_fullfsync(1)",
			"foreign_keys(0)", "cache_size(-65536)", "journal_size_limit(67108864)")
	})
	if err := d.inspect(ctx); err != nil {
		return nil, errors.Join(err, d.Close(ctx))
	}
	return d, nil
}

func exists(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w in %s: start kritisgraph serve there first", store.ErrNoStore, filepath.Dir(path))
	case err != nil:
		return fmt.Errorf("opening the store: %w: %w", store.ErrUnavailable, err)
	case info.Size() == 0:
		return fmt.Errorf("%w in %s yet", store.ErrNoStore, filepath.Dir(path))
	}
	return nil
}

// prepare takes the directory for this process and sees that the file exists with the right mode.
func (d *Driver) prepare(path string) error {
	if err := os.MkdirAll(d.dir, 0o700); err != nil {
		return fmt.Errorf("making the data directory: %w: %w", store.ErrUnavailable, err)
	}
	lock := flock.New(filepath.Join(d.dir, lockName), flock.SetPermissions(0o600))
	locked, err := lock.TryLock()
	if err != nil {
		return fmt.Errorf("locking the data directory: %w: %w", store.ErrUnavailable, err)
	}
	if !locked {
		return fmt.Errorf("%w: %s; stop that process, or use another data directory", store.ErrInUse, d.dir)
	}
	d.lock = lock
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("making the store file: %w: %w", store.ErrUnavailable, err)
	}
	if err := errors.Join(f.Close(), syncDir(d.dir)); err != nil {
		return fmt.Errorf("making the store file: %w: %w", store.ErrUnavailable, err)
	}
	return nil
}

// syncDir makes the names of new files durable.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// inspect refuses a file of another program, wipes what an interrupted load left and takes the schema from the store.
func (d *Driver) inspect(ctx context.Context) error {
	p := &d.writer
	if d.readOnly {
		p = &d.readers
	}
	c, err := p.take(ctx)
	if err != nil {
		return err
	}
	defer p.put(c)
	if err := checkFile(ctx, c); err != nil {
		return err
	}
	if _, err := d.vocabulary(ctx, c); errors.Is(err, store.ErrNoStore) {
		return nil
	} else if err != nil {
		return err
	}
	if d.readOnly {
		return nil
	}
	return setLoading(ctx, c, false)
}

// Close waits for the calls under way, writes what the log of SQLite holds into the file, and releases the directory.
func (d *Driver) Close(ctx context.Context) error {
	return errors.Join(d.readers.close(ctx), d.writer.close(ctx), d.unlock())
}

func (d *Driver) unlock() error {
	if d.lock == nil {
		return nil
	}
	return d.lock.Unlock()
}

// pool holds a fixed number of connections, each opened at its first use.
type pool struct {
	slots  chan *conn // nil: not opened yet
	closed chan struct{}
	once   *atomic.Bool
	dial   func() (*conn, error)
}

func newPool(size int, dial func() (*conn, error)) pool {
	p := pool{slots: make(chan *conn, size), closed: make(chan struct{}), once: new(atomic.Bool), dial: dial}
	for range size {
		p.slots <- nil
	}
	return p
}

var errClosed = fmt.Errorf("%w: it was closed", store.ErrUnavailable)

// take waits for a connection; the caller puts it back.
func (p *pool) take(ctx context.Context) (*conn, error) {
	if p.slots == nil || p.once.Load() {
		return nil, errClosed
	}
	select {
	case <-p.closed:
		return nil, errClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	case c := <-p.slots:
		if c != nil {
			return c, nil
		}
		c, err := p.dial()
		if err != nil {
			p.slots <- nil
		}
		return c, err
	}
}

func (p *pool) put(c *conn) { p.slots <- c }

// close lets no one take a connection any more and closes each as it comes back. A second close does nothing.
func (p *pool) close(ctx context.Context) error {
	if p.slots == nil || p.once.Swap(true) {
		return nil
	}
	close(p.closed)
	var errs []error
	for range cap(p.slots) {
		select {
		case c := <-p.slots:
			if c != nil {
				errs = append(errs, c.close())
			}
		case <-ctx.Done():
			return errors.Join(append(errs, ctx.Err())...)
		}
	}
	return errors.Join(errs...)
}
