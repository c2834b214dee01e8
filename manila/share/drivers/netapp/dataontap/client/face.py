"""The face of the client: everything the driver asks of an array, by noun, whatever the transport.

``rest/`` and ``zapi/`` implement it with a file for each noun. Rules for all methods:

* They raise the classes of :mod:`.errors`: :class:`~.errors.Unreachable` when nothing is known about the outcome,
  :class:`~.errors.OntapError` or a class below it when the array refused. Docstrings only name what callers act upon.
* They return when the work is done: jobs of the array are waited for, at most ``netapp_rest_operation_timeout``
  seconds unless a timeout is given, and fail with the job's error or :class:`~.errors.JobTimeout`.
* *Repeatable* means: calling it again after a lost answer does no harm and ends with the same state. Methods that are
  not say how a repetition ends (usually :class:`~.errors.Duplicate` or :class:`~.errors.NotFound`).
* A read may be tried again inside the client, a write only if it has surely not reached the array.
* Methods of nouns that belong to an SVM work in that of the client; see :meth:`Client.for_svm`.
"""
import abc


class Client(abc.ABC):
    """A connection to a cluster, or to one SVM of it. Safe for use by several threads at once.

    ``svm`` is the name of the SVM worked in, None for the cluster. ``transport`` is 'rest' or 'zapi'. The nouns are
    attributes: ``cluster aggregates svms volumes snapshots exports cifs network qos fpolicy perf``.
    """

    transport = None
    svm = None
    cluster: 'Cluster'
    aggregates: 'Aggregates'
    svms: 'Svms'
    volumes: 'Volumes'
    snapshots: 'Snapshots'
    exports: 'Exports'
    cifs: 'Cifs'
    network: 'Network'
    qos: 'QosPolicies'
    fpolicy: 'Fpolicy'
    perf: 'Perf'

    @abc.abstractmethod
    def connect(self):
        """Find out version and rights: afterwards ``version`` and ``has_cluster_rights`` are known. Repeatable.

        :raises manila.share.drivers.netapp.dataontap.client.errors.NotAuthenticated: when login fails
        :raises manila.share.drivers.netapp.dataontap.client.errors.Unsupported: when the release is too old
        """

    @property
    @abc.abstractmethod
    def version(self):
        """The release, a :class:`.values.Version`."""

    @property
    @abc.abstractmethod
    def has_cluster_rights(self):
        """Whether the account is the cluster's, told by its right to list nodes. An SVM account never tunnels."""

    @abc.abstractmethod
    def for_svm(self, name):
        """A client that works in an SVM, over the same connections; with an SVM account, that SVM itself."""

    @abc.abstractmethod
    def close(self):
        """Let go of the connections."""


class Cluster(abc.ABC):
    """The cluster as a whole."""

    @abc.abstractmethod
    def name(self):
        """The cluster's name, None when the account may not know it."""

    @abc.abstractmethod
    def nodes(self):
        """List of :class:`.values.Node`.

        :raises manila.share.drivers.netapp.dataontap.client.errors.Forbidden: with SVM credentials
        """

    @abc.abstractmethod
    def licences(self):
        """Set of licence names in lower case (nfs, cifs, flexclone, snaprestore); Forbidden with SVM credentials."""

    @abc.abstractmethod
    def encrypts_volumes(self):
        """Whether volumes can be encrypted (NVE): release, build and key manager allow it. Forbidden as above."""

    @abc.abstractmethod
    def compliance_clock_is_set(self):
        """Whether the SnapLock clock runs on every node. Forbidden as above."""

    @abc.abstractmethod
    def log_event(self, source, event_id, text, computer):
        """Put a notice into the event log (EMS), with category provisioning and no AutoSupport message.

        :param source: name of the program, at most 60 characters
        :param event_id: a number
        :param computer: name of the machine that runs it
        """


class Aggregates(abc.ABC):
    """Aggregates that hold data. Everything here needs cluster credentials (else Forbidden)."""

    @abc.abstractmethod
    def list(self, names=None):
        """:class:`.values.Aggregate` of all data aggregates, or of those named, with the types of their disks."""

    @abc.abstractmethod
    def names(self):
        """Names of all data aggregates; those of the nodes' own root volumes are none."""

    @abc.abstractmethod
    def spaces(self, names):
        """Dict from name to :class:`.values.AggregateSpace` of those named; unknown names are left out."""


class Svms(abc.ABC):
    """Data SVMs."""

    @abc.abstractmethod
    def list(self):
        """:class:`.values.Svm` of all data SVMs that the account may see."""

    @abc.abstractmethod
    def get(self, name):
        """One :class:`.values.Svm` with its aggregates.

        :raises manila.share.drivers.netapp.dataontap.client.errors.SvmNotFound: when there is none
        """

    @abc.abstractmethod
    def spaces(self, name):
        """Dict from name to :class:`.values.AggregateSpace` of the aggregates delegated to an SVM; only free space.

        For SVM credentials, which may not ask the aggregates themselves.
        """


class Volumes(abc.ABC):
    """FlexVol and FlexGroup volumes of the client's SVM, FlexClones among them."""

    @abc.abstractmethod
    def find(self, name=None, junction=None, detail=False):
        """The :class:`.values.Volume` of a name or junction path, or None. The names are exact, never patterns.

        :param detail: whether all fields are wanted; otherwise those that take the array longer stay unset: sizes used,
            inodes, reserve, guarantee, encryption, creation time, tags, SnapLock, junction (when found by name)
        """

    @abc.abstractmethod
    def list(self, pattern):
        """:class:`.values.Volume` of all whose names fit a pattern with ``*``, such as ``deleted_manila_*``."""

    @abc.abstractmethod
    def create(self, spec, timeout=None):
        """Make a volume with all its properties; returns it, at least with name, uuid and svm.

        :param spec: :class:`.values.VolumeSpec`
        :param timeout: seconds to wait for it to be there
        :raises manila.share.drivers.netapp.dataontap.client.errors.Duplicate: when the name is in use, as it is after
            a first attempt whose answer was lost; properties that need calls of their own may then be missing, and
            :meth:`modify` sets them
        :raises manila.share.drivers.netapp.dataontap.client.errors.NoSpace: when the aggregate has no room
        :raises manila.share.drivers.netapp.dataontap.client.errors.FlexGroupBusy: try again in some seconds
        """

    @abc.abstractmethod
    def clone(self, spec):
        """Make a FlexClone; returns it as :meth:`create` does. QoS is set after it is made, where that takes a call.

        :param spec: :class:`.values.CloneSpec`
        :raises manila.share.drivers.netapp.dataontap.client.errors.Duplicate: as for :meth:`create`
        :raises manila.share.drivers.netapp.dataontap.client.errors.NotFound: no such volume or snapshot
        :raises manila.share.drivers.netapp.dataontap.client.errors.NotLicensed: without FlexClone licence
        """

    @abc.abstractmethod
    def modify(self, volume, change):
        """Change a volume. Repeatable.

        :param volume: a :class:`.values.Volume`; name and uuid count
        :param change: :class:`.values.VolumeChange`
        :raises manila.share.drivers.netapp.dataontap.client.errors.NotFound: when it is gone
        :raises manila.share.drivers.netapp.dataontap.client.errors.TooSmall: when size or inodes are less than used
        :raises manila.share.drivers.netapp.dataontap.client.errors.Busy: when another operation has to end first
        :raises manila.share.drivers.netapp.dataontap.client.errors.Offline: when it is not online
        """

    @abc.abstractmethod
    def delete(self, volume, force=False):
        """Delete a volume that is unmounted and offline. A repetition ends with NotFound.

        :param force: without a stay in the recovery queue; falls back to a delete with one where that is refused
        :raises manila.share.drivers.netapp.dataontap.client.errors.HasClones: when FlexClones are based on it
        """

    @abc.abstractmethod
    def restore(self, volume, snapshot):
        """Give a volume the content it had when a snapshot was taken; later snapshots are lost. Repeatable.

        :param snapshot: name
        :raises manila.share.drivers.netapp.dataontap.client.errors.NotLicensed: without SnapRestore licence
        """

    @abc.abstractmethod
    def restores(self):
        """Whether volumes can be restored, found out by asking for something impossible; no cluster rights needed."""

    @abc.abstractmethod
    def clones_of(self, volume, snapshot=None):
        """Names of the FlexClones based on a volume, or on one of its snapshots (name), whatever their SVM."""

    @abc.abstractmethod
    def start_split(self, name):
        """Begin to separate a FlexClone, by name, from its parent; goes on in the array. Repeatable."""

    @abc.abstractmethod
    def stop_split(self, volume):
        """Stop separating. Repeatable; nothing happens when it is no clone or nothing is going on."""

    @abc.abstractmethod
    def split_percent(self, volume):
        """How far separation has come: 0..100; 100 when it is no clone any more, None when that is unknown."""

    @abc.abstractmethod
    def start_move(self, volume, aggregate, cutover='defer', validate_only=False):
        """Begin to move a volume to another aggregate of its SVM; needs cluster credentials.

        :param cutover: 'defer' (by itself, and when that fails wait to be told), 'wait' (wait to be told), 'force'
        :param validate_only: only see whether it would be possible
        :raises manila.share.drivers.netapp.dataontap.client.errors.CloneSplitting: not before the split has ended
        """

    @abc.abstractmethod
    def move_status(self, volume):
        """The :class:`.values.Move` of a volume, or None when there was none."""

    @abc.abstractmethod
    def cut_over(self, volume):
        """Tell a move that waits to finish."""

    @abc.abstractmethod
    def abort_move(self, volume):
        """Give a move up; repeatable."""

    @abc.abstractmethod
    def junctions_below(self, junction):
        """Junction paths of volumes mounted below one."""

    @abc.abstractmethod
    def has_luns(self, volume):
        """Whether the volume holds LUNs."""

    @abc.abstractmethod
    def is_mirrored(self, volume):
        """Whether the volume is source or destination of a SnapMirror relationship."""


class Snapshots(abc.ABC):
    """Snapshot copies of volumes (given as :class:`.values.Volume`) of the client's SVM."""

    @abc.abstractmethod
    def limit(self):
        """The most snapshots that a volume of this release holds: 1023 since 9.4, 255 before."""

    @abc.abstractmethod
    def find(self, volume, name):
        """The :class:`.values.Snapshot` of a name, or None.

        :raises manila.share.drivers.netapp.dataontap.client.errors.Offline: when the volume is not online
        """

    @abc.abstractmethod
    def create(self, volume, name):
        """Take a snapshot.

        :raises manila.share.drivers.netapp.dataontap.client.errors.Duplicate: when there is one of that name
        :raises manila.share.drivers.netapp.dataontap.client.errors.TooManySnapshots: when there is no room for one
        """

    @abc.abstractmethod
    def delete(self, volume, snapshot):
        """Delete a :class:`.values.Snapshot`. A repetition ends with NotFound.

        :raises manila.share.drivers.netapp.dataontap.client.errors.SnapshotBusy: when somebody needs it
        """

    @abc.abstractmethod
    def rename(self, volume, snapshot, name):
        """Rename a :class:`.values.Snapshot`, also one that is busy. A repetition ends with NotFound."""

    @abc.abstractmethod
    def list(self, pattern):
        """:class:`.values.Snapshot` of all volumes of the SVM whose names fit a pattern; offline volumes are left out.

        Their ``volume`` is the name of the volume.
        """


class Exports(abc.ABC):
    """NFS export policies of the client's SVM."""

    @abc.abstractmethod
    def find(self, names):
        """Dict from name to :class:`.values.ExportPolicy` (without rules) of those of the names that exist."""

    @abc.abstractmethod
    def create(self, name, rules=()):
        """Make a policy with its rules, which get indexes in their order; returns the :class:`.values.ExportPolicy`.

        :param rules: :class:`.values.ExportRule`, one for each client
        :raises manila.share.drivers.netapp.dataontap.client.errors.Duplicate: when it exists, with whatever rules
        """

    @abc.abstractmethod
    def rules(self, policy):
        """List of the :class:`.values.ExportRule` of an :class:`.values.ExportPolicy`, in the order of their index."""

    @abc.abstractmethod
    def rename(self, policy, name):
        """Rename an :class:`.values.ExportPolicy`. Volumes that use it go on doing so.

        :raises manila.share.drivers.netapp.dataontap.client.errors.Duplicate: when the name is in use
        """

    @abc.abstractmethod
    def delete(self, policy):
        """Delete an :class:`.values.ExportPolicy` with its rules. Repeatable: one that is gone is no error.

        :raises manila.share.drivers.netapp.dataontap.client.errors.InUse: while a volume uses it, or did just now
        """

    @abc.abstractmethod
    def list(self, pattern):
        """:class:`.values.ExportPolicy` (without rules) of all whose names fit a pattern with ``*``."""


class Cifs(abc.ABC):
    """CIFS shares of the client's SVM."""

    @abc.abstractmethod
    def find(self, name):
        """The :class:`.values.CifsShare` of a name with its access list, or None."""

    @abc.abstractmethod
    def create(self, name, path):
        """Show a path under a name; nobody has access to it yet: the array's default entry is removed.

        :param path: junction path
        :raises manila.share.drivers.netapp.dataontap.client.errors.Duplicate: when the name is in use
        """

    @abc.abstractmethod
    def delete(self, name):
        """Stop showing it. Repeatable."""

    @abc.abstractmethod
    def allow(self, name, user, permission):
        """Give a user or group a permission ('full_control', 'read', ...), also instead of another. Repeatable."""

    @abc.abstractmethod
    def deny(self, name, user):
        """Take a user or group out of the access list. Repeatable."""


class Network(abc.ABC):
    """Logical interfaces."""

    @abc.abstractmethod
    def lifs(self):
        """:class:`.values.Lif` of the client's SVM that carry NFS or CIFS data, enabled ones only."""

    @abc.abstractmethod
    def kerberos_is_on(self):
        """Whether all LIFs with data of the client's SVM have Kerberos enabled for NFS."""


class QosPolicies(abc.ABC):
    """QoS policy groups of the client's SVM. Needs cluster credentials (else Forbidden)."""

    @abc.abstractmethod
    def find(self, name):
        """The :class:`.values.QosPolicy` of a name, fixed or adaptive, or None."""

    @abc.abstractmethod
    def create(self, name, limits, adaptive=False):
        """Make a policy.

        :param limits: as in :class:`.values.QosPolicy`; those not given are unlimited
        :raises manila.share.drivers.netapp.dataontap.client.errors.Duplicate: when the name is in use
        """

    @abc.abstractmethod
    def modify(self, policy, limits):
        """Set the limits of a :class:`.values.QosPolicy`; limits of the other unit are taken away. Repeatable."""

    @abc.abstractmethod
    def rename(self, policy, name):
        """Rename a :class:`.values.QosPolicy`; a repetition ends with NotFound over ZAPI."""

    @abc.abstractmethod
    def delete(self, policy):
        """Delete a :class:`.values.QosPolicy`. Repeatable.

        :raises manila.share.drivers.netapp.dataontap.client.errors.InUse: while a volume uses it
        """

    @abc.abstractmethod
    def list(self, pattern):
        """:class:`.values.QosPolicy` of all whose names fit a pattern with ``*``."""


class Fpolicy(abc.ABC):
    """FPolicy of the client's SVM, with the array's own (native) engine."""

    @abc.abstractmethod
    def policies(self):
        """All :class:`.values.FpolicyPolicy` with scope and status."""

    @abc.abstractmethod
    def events(self):
        """All :class:`.values.FpolicyEvent`."""

    @abc.abstractmethod
    def create_event(self, event):
        """Make an :class:`.values.FpolicyEvent`; Duplicate when there is one of that name."""

    @abc.abstractmethod
    def delete_event(self, name):
        """Remove an event that no policy has any more. Repeatable."""

    @abc.abstractmethod
    def create(self, policy):
        """Make an :class:`.values.FpolicyPolicy` with its scope and enable it at its priority.

        :raises manila.share.drivers.netapp.dataontap.client.errors.Duplicate: when name or priority are in use; over
            ZAPI a policy that an interrupted attempt has left may then lack its scope, or be disabled
        """

    @abc.abstractmethod
    def set_shares(self, policy, shares):
        """Set what a :class:`.values.FpolicyPolicy` is for, while it is enabled. Repeatable."""

    @abc.abstractmethod
    def delete(self, name):
        """Disable and remove a policy. Repeatable."""


class Perf(abc.ABC):
    """Performance counters. Needs cluster credentials (else Forbidden)."""

    @abc.abstractmethod
    def sample(self):
        """A sample of the counters of every node: dict from node name to :class:`.values.NodeLoad`."""
