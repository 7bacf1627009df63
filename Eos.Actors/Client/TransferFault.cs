using Eos.Kernel;

namespace Eos.Client;

/// <summary>A transfer to or from one filesystem failed: which one, why, and whether another may do better.</summary>
internal sealed class TransferFault(FsId fs, Errno why, string text) : Exception(text)
{
    public FsId Fs { get; } = fs;

    public Errno Why { get; } = why;

    /// <summary>It is about that server, not about the file or the caller.</summary>
    public bool IsOfServer => Why is Errno.Communication or Errno.TimedOut or Errno.TryAgain or Errno.NoDevice or Errno.NoSpace or Errno.InputOutput
        or Errno.ReadOnly or Errno.NetworkUnreachable or Errno.NoEntry or Errno.AccessDenied;

    public EosException ForCaller(string more = "") => new(Why, Message + more);
}
