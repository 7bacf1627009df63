namespace Eos.Kv;

/// <summary>How much may be answered to whoever asked, as it is when the machine comes to the question. Used by the thread of the machine.</summary>
public interface IReplyRoom
{
    /// <summary>A try begins: bytes that its replies may take. What an earlier try took is given back.</summary>
    long Open();

    /// <summary>The replies of this try take so many.</summary>
    void Take(long bytes);
}
